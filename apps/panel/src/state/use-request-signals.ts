import type { RequestView } from "@pulpit/host-control";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

const TITLE = "Pulpit";

/** Makes a waiting request seen when the page is not: in the title of its tab, and as a notification where permitted. */
export function useRequestSignals(requests: readonly RequestView[]): void {
  const { t } = useTranslation();
  const waiting = requests.length;
  const newest = requests.at(-1)?.request;

  useEffect(() => {
    document.title = waiting === 0 ? TITLE : `(${waiting}) ${t("request.tab")}`;
    return () => {
      document.title = TITLE;
    };
  }, [waiting, t]);

  useEffect(() => {
    if (newest === undefined || !document.hidden || !mayNotify()) return undefined;
    // Says nothing of who asks: what a stranger calls themselves does not belong on a locked screen.
    const notification = new Notification(t("request.title"), { body: t("request.notification"), tag: newest });
    notification.addEventListener("click", () => {
      window.focus();
      notification.close();
    });
    return () => notification.close();
  }, [newest, t]);
}

function mayNotify(): boolean {
  return "Notification" in window && Notification.permission === "granted";
}
