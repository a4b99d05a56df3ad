import "@mantine/core/styles.css";
import "./base.css";
import { MantineProvider } from "@mantine/core";
import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { type PageWords, startWords } from "./languages.ts";
import { theme } from "./theme.ts";

/** Draws a page into `#root`, in the language and the colours this browser asks for. */
export async function startPage(page: ReactNode, words: PageWords): Promise<void> {
  await startWords(words, localStorage, navigator.languages);
  createRoot(document.getElementById("root") as HTMLElement).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        {page}
      </MantineProvider>
    </StrictMode>,
  );
}
