import type { ViewerSession } from "@pulpit/viewer";
import type { RemoteDesktopElement } from "@pulpit/viewer-web";

/** Where a session leads, and how it is begun from this page. */
export interface Place {
  /** An ID or an address, as it is shown. */
  readonly hostId: string;
  /** What the person here calls the computer; empty when they do not. */
  readonly ownName: string;
  /** `trustFingerprint`: of a new key that the person has compared and accepts. */
  readonly start: (desktop: RemoteDesktopElement, trustFingerprint: string | undefined) => ViewerSession;
}
