package dev.sweeprunner.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pictures of docs/img, made into target/page. Of the quickstart's sweep, or of any other:
 * {@code -Dpictures.folder=FOLDER -Dpictures.sweep=FILE}, with its storage root in the folder.
 */
class PicturesBrowserIT {
  private static final long MOST_BYTES = 200_000;

  @TempDir Path folder;

  @Test
  void pictures_are_made_and_are_small() throws IOException {
    try (Browser browser = Browser.start();
        ServedPage served = serve()) {
      shoot(browser, served.url());
      browser.hasNothingToComplain();
    }

    for (String name : List.of("page-matrix", "page-curves", "page-dark", "page-phone")) {
      assertThat(Files.size(Browser.PICTURES.resolve(name + ".png"))).isLessThan(MOST_BYTES);
    }
  }

  private ServedPage serve() {
    String given = System.getProperty("pictures.folder", "");
    if (!given.isEmpty()) {
      return ServedPage.of(Path.of(given), System.getProperty("pictures.sweep", ""), ".");
    }
    Path sweep = Path.of("sweeps", "quickstart.yaml").toAbsolutePath();
    JarProcess.run(
        folder, List.of("--sweep", sweep.toString(), "--storage", folder.toString(), "--no-web"));
    return ServedPage.of(folder, sweep.toString(), folder.toString());
  }

  private static void shoot(Browser browser, String url) {
    Page matrix = browser.open(url, 1280, 1000, ColorScheme.LIGHT);
    drawn(matrix);
    Browser.picture(matrix, "page-matrix");

    Page curves = browser.open(url + "#log=1&colour=value", 1280, 800, ColorScheme.LIGHT);
    select(curves, "[data-at^='0,1,']");
    Browser.picture(curves, "page-curves");

    Page dark = browser.open(url + "#smooth=0.5", 1280, 800, ColorScheme.DARK);
    dark.getByLabel("Metric").selectOption("train/loss");
    select(dark, "[data-at^='0,1,']");
    Browser.picture(dark, "page-dark");

    Page phone = browser.open(url, 360, 780, ColorScheme.LIGHT);
    drawn(phone);
    Browser.picture(phone, "page-phone");
  }

  /** The first run of each of these cells, and the pointer in the middle of their curves. */
  private static void select(Page page, String cells) {
    for (Locator cell : page.locator(cells).all()) {
      cell.locator(".tile, .mark").first().click();
    }
    drawn(page);
    page.evaluate("scrollTo(0, document.querySelector('.pair').offsetTop - 70)");
    page.locator("#plot .u-over").hover();
  }

  private static void drawn(Page page) {
    assertThat(page.locator("#plot canvas")).isVisible();
    assertThat(page.locator(".curve-list tbody td.number").nth(1)).not().isEmpty();
    page.waitForTimeout(500);
  }
}
