import type { PageWords } from "@pulpit/page-kit";
import en from "./words/en.json";
import pl from "./words/pl.json";

export const words: PageWords = { en, pl };
