// Pinned, so that figures of different days can be compared: Debian's x11vnc 0.9.16 and tigervnc-scraping-server
// 1.12 behind Debian's websockify 0.10, watched with @novnc/novnc 1.7.0 in the same Chromium.

/** Size of the desktop, pixels. */
export const DESKTOP: { readonly width: number; readonly height: number } = { width: 1920, height: 1080 };
/** Clicks of one measurement, and repeats of all measurements. */
export const CLICKS: number = Number(process.env.BENCH_CLICKS ?? 15);
export const REPEATS: number = Number(process.env.BENCH_REPEATS ?? 3);
/** The toggling window: place and size, pixels. Away from what the scenes draw. */
export const MARKER: { readonly x: number; readonly y: number; readonly size: number } = { x: 1660, y: 860, size: 180 };
/** Part of the desktop that quality is measured in: inside what every scene draws. */
export const CROP: { readonly x: number; readonly y: number; readonly width: number; readonly height: number } = {
  x: 160,
  y: 160,
  width: 480,
  height: 270,
};
export const SCENES = ["idle", "typing", "scrolling", "moving"] as const;
export type Scene = (typeof SCENES)[number];
export const SYSTEMS = ["pulpit", "x11vnc", "tigervnc"] as const;
export type System = (typeof SYSTEMS)[number];
/** After the page shows the desktop, before anything is measured, ms. */
export const WARM_UP = 4000;
