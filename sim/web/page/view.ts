/** One of the page's views. */
export interface View {
  /** For the navigation and the window's title. */
  title: string;
  /** Fills an empty element and works until the function that it returns is called. */
  mount(root: HTMLElement): () => void;
}
