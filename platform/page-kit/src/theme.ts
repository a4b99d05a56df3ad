import { createTheme, type MantineColorsTuple, type MantineThemeOverride } from "@mantine/core";

/** Pulpit's green: calm, and far from the blue of everything else. */
const pine: MantineColorsTuple = [
  "#e6f7f2",
  "#cfece3",
  "#a0d8c8",
  "#6dc4aa",
  "#44b391",
  "#29a881",
  "#17a378",
  "#0e7c66",
  "#0a6b58",
  "#04473a",
];

export const theme: MantineThemeOverride = createTheme({
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 5 },
  colors: { pine },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  headings: { fontWeight: "650" },
  defaultRadius: "md",
  autoContrast: true,
});
