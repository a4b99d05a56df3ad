import react from "@vitejs/plugin-react";
import { defineConfig, type UserConfig } from "vite";

const config: UserConfig = defineConfig({
  root: import.meta.dirname,
  base: "./",
  publicDir: "../../platform/page-kit/public",
  plugins: [react()],
  // The page that polyfills modules would do it in an inline script, which the host's policy forbids.
  build: { outDir: "dist", emptyOutDir: true, target: "es2022", sourcemap: false, modulePreload: { polyfill: false } },
});
export default config;
