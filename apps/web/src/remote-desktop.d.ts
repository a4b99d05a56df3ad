import type { RemoteDesktopElement } from "@pulpit/viewer-web";
import type { DetailedHTMLProps, HTMLAttributes } from "react";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "remote-desktop": DetailedHTMLProps<HTMLAttributes<RemoteDesktopElement>, RemoteDesktopElement> & {
        readonly fit?: "contain" | "original";
      };
    }
  }
}
