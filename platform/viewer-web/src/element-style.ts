/** The element's own look: a dark stage, the picture in its middle, everything else invisible. */
export const ELEMENT_STYLE = `
  :host { display: block; position: relative; overflow: hidden; background: #0b0e14; contain: strict; }
  :host([fit="original"]) { overflow: auto; }
  .stage {
    display: flow-root; min-width: 100%; min-height: 100%; width: max-content; height: max-content;
    touch-action: none; user-select: none; -webkit-user-select: none; outline: none;
  }
  .picture { position: relative; width: 0; height: 0; line-height: 0; overflow: hidden; }
  canvas { width: 100%; height: 100%; display: block; }
  img { position: absolute; left: 0; top: 0; pointer-events: none; }
  textarea {
    position: fixed; left: 0; top: 0; width: 1px; height: 1px; opacity: 0; border: 0; padding: 0; resize: none;
    caret-color: transparent; pointer-events: none; font-size: 16px;
  }
`;
