// Importing this file defines <remote-desktop>; nothing else in this package has an effect on import.
import { RemoteDesktopElement } from "./element.ts";

if (customElements.get("remote-desktop") === undefined) customElements.define("remote-desktop", RemoteDesktopElement);
