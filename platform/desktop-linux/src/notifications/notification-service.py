"""A notification service for tests: says what it is told as lines of JSON, and does what its input says.

Input: "press NUMBER BUTTON" or "dismiss NUMBER". With the argument "plain" it has no buttons.
"""

import json
import sys

import dbus
import dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

NAME = "org.freedesktop.Notifications"


def say(*words):
    print(json.dumps(words), flush=True)


class Service(dbus.service.Object):
    last = 0

    @dbus.service.method(NAME, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, app, replaces, icon, title, body, actions, hints, timeout):
        self.last += 1
        say("shown", self.last, str(app), str(title), str(body), [str(a) for a in actions], int(hints["urgency"]), int(timeout))
        return self.last

    @dbus.service.method(NAME, in_signature="u")
    def CloseNotification(self, number):
        say("closed", int(number))
        self.NotificationClosed(number, 3)

    @dbus.service.method(NAME, out_signature="as")
    def GetCapabilities(self):
        return ["body", "body-markup"] if "plain" in sys.argv else ["body", "body-markup", "actions"]

    @dbus.service.method(NAME, out_signature="ssss")
    def GetServerInformation(self):
        return ("test", "test", "1", "1.2")

    @dbus.service.signal(NAME, signature="uu")
    def NotificationClosed(self, number, reason):
        pass

    @dbus.service.signal(NAME, signature="us")
    def ActionInvoked(self, number, button):
        pass


def told(_channel, _condition):
    words = sys.stdin.readline().split()
    if not words:
        loop.quit()
        return False
    number = dbus.UInt32(int(words[1]))
    if words[0] == "press":
        service.ActionInvoked(number, words[2])
    service.NotificationClosed(number, dbus.UInt32(2))
    return True


DBusGMainLoop(set_as_default=True)
loop = GLib.MainLoop()
service = Service(dbus.service.BusName(NAME, dbus.SessionBus()), "/org/freedesktop/Notifications")
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, told)
say("ready")
loop.run()
