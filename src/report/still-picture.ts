/**
 * What ECharts has drawn, as a picture that doesn't change under the pointer; the same chart gives the same bytes,
 * while ECharts numbers its pictures, and their classes, through a process's life.
 *
 * @param id names the picture's parts, apart from those of others on a page
 */
export const stillPicture = (svg: string, id: string): string =>
  svg
    .replace(/<style\s*>.*?<\/style>/gs, "")
    .replace(/ (?:class|pointer-events)="[^"]*"/g, "")
    .replace(/\bzr\d+-/g, `${id}-`);
