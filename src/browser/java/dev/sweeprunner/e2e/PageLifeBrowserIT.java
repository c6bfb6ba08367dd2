package dev.sweeprunner.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.regex.Pattern.compile;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator.WaitForOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page while workers live and die, while its server goes away, and under hostile names. */
class PageLifeBrowserIT {
  private static final double LIMIT_MS = 180_000;
  private static final HasTextOptions SOON = new HasTextOptions().setTimeout(LIMIT_MS);
  private static final ContainsTextOptions HOLDS_SOON =
      new ContainsTextOptions().setTimeout(LIMIT_MS);
  private static final String HOSTILE = "<img src=x onerror=alert(1)>";

  @TempDir Path folder;
  private static Browser browser;

  @BeforeAll
  static void start() {
    browser = Browser.start();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void nothing_fails_in_any_page() {
    browser.hasNothingToComplain();
  }

  @Test
  void a_killed_workers_run_is_seen_to_be_taken_over_without_a_reload() {
    Toy toy = Toy.of(folder, 1_000_000, "training.seed: {values: [1]}");
    try (JarProcess first = JarProcess.start(folder, toy.worker("root", "w1"));
        ServedPage served = ServedPage.of(folder, "toy.yaml", "root")) {
      Page page = browser.open(served.url());
      page.evaluate("window.opened = true");
      assertThat(page.locator(".chip")).hasText(compile(".*training.*1"), SOON);
      page.locator(".lanes [data-bar]").waitFor(new WaitForOptions().setTimeout(LIMIT_MS));

      first.kill();
      try (JarProcess second = JarProcess.start(folder, toy.worker("root", "w2"))) {
        assertThat(page.locator("#timeline .legend")).containsText("1 takeover", HOLDS_SOON);
        assertThat(page.locator("#workers tbody tr").first())
            .containsText(compile("w2.*live.*training"), HOLDS_SOON);
        assertThat(page.locator(".runs tbody")).containsText("w2", HOLDS_SOON);
        assertThat(page.locator("#workers tbody tr").nth(1)).containsText(compile("w1.*gone"));
        assertThat(page.locator(".lanes .over")).hasCount(1);
        assertThat(second.alive()).isTrue();
        assertThat(page.evaluate("window.opened")).isEqualTo(true);
        page.setViewportSize(1280, 1500);
        Browser.picture(page.locator("#content"), "page-takeover");
        browser.hasNothingToComplain();
      }
    }
  }

  @Test
  void what_is_known_stays_while_the_server_is_away_and_is_live_again_with_it() {
    Toy.of(folder, 10, "training.seed: {values: [1, 2, 3]}");
    Page page;
    String port;
    try (ServedPage served = ServedPage.of(folder, "toy.yaml", "root")) {
      port = served.port();
      page = browser.open(served.url());
      assertThat(page.locator(".runs tbody tr")).hasCount(3);
    }

    assertThat(page.locator("#connection")).hasText(compile("not connected since .*"), SOON);
    assertThat(page.locator(".runs tbody tr")).hasCount(3);
    try (ServedPage again = ServedPage.of(folder, "toy.yaml", "root", "--port", port)) {
      assertThat(page.locator("#connection")).hasText("live", SOON);
      assertThat(again.port()).isEqualTo(port);
    }
    browser.forgive(); // the browser says by itself that nobody answered
  }

  @Test
  void hostile_names_are_nothing_but_text() throws IOException {
    Toy.of(folder, 10, "training.seed: {values: [1, 2]}");
    Path sweep = folder.resolve("toy.yaml");
    Files.writeString(
        sweep,
        Files.readString(sweep)
            .replace("name: toy", "name: '" + HOSTILE + "'\ndescription: '</script><b>x'"));
    try (ServedPage served = ServedPage.of(folder, "toy.yaml", "root")) {
      Page page = browser.open(served.url());

      assertThat(page.locator("h1")).hasText(HOSTILE);
      assertThat(page.locator("#about")).containsText("</script><b>x");
      assertThat(page.locator("img, b:text-is('x')")).hasCount(0);
      browser.hasNothingToComplain();
    }
    JarProcess.run(
        folder, List.of("serve", "--sweep", "toy.yaml", "--storage", "root", "--export", "x.html"));
    Page exported = browser.open(folder.resolve("x.html").toUri().toString());

    assertThat(exported.locator("h1")).hasText(HOSTILE);
    assertThat(exported.locator("img, b:text-is('x')")).hasCount(0);
  }
}
