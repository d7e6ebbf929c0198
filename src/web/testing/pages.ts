import type { Browser, Page } from "playwright-core";

/** A page at an address, with what it complained of: errors nobody caught, and files that weren't there. */
export async function openPage(
  browser: Browser,
  address: string,
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (!response.ok() && pathname !== "/favicon.ico") complaints.push(`${response.status()} ${pathname}`);
  });
  await page.goto(address);
  return { page, complaints };
}
