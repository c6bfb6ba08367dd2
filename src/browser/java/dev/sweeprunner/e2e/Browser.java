package dev.sweeprunner.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The machine's own Chromium, without a window. Every page that it opens is watched: an error, a
 * message of the console or a dialog fails the test at {@link #hasNothingToComplain}.
 */
final class Browser implements AutoCloseable {
  static final Path PICTURES = Path.of("target", "page");

  /** On a machine that does much else a page may take its time. */
  private static final double PATIENCE_MS = 60_000;

  private static final Map<String, String> NO_DOWNLOAD =
      Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser browser;
  private final List<String> complaints = new ArrayList<>();

  private Browser(Path chromium) {
    playwright = Playwright.create(new Playwright.CreateOptions().setEnv(NO_DOWNLOAD));
    LaunchOptions options = new LaunchOptions().setExecutablePath(chromium);
    browser = playwright.chromium().launch(options.setArgs(List.of("--no-sandbox")));
  }

  /** Starts it; skips, loudly, where there is none. */
  static Browser start() {
    Optional<Path> chromium = chromium();
    if (chromium.isEmpty()) {
      System.err.println(
          """
          ==========================================================================
          NO CHROMIUM: THE TESTS OF THE PAGE ARE SKIPPED. Install one (on Debian:
          apt-get install chromium), or name it: -Dbrowser.path=/path/to/chromium
          ==========================================================================
          """);
    }
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    assumeTrue(chromium.isPresent(), "NO CHROMIUM on this machine: nothing of the page was tested");
    return new Browser(chromium.orElseThrow());
  }

  /** The one that is named, and no other then; else one where a system has it. */
  private static Optional<Path> chromium() {
    String named = System.getProperty("browser.path", "");
    Stream<String> names =
        named.isEmpty()
            ? Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
            : Stream.of(named);
    return names.map(Path::of).filter(Files::isExecutable).findFirst();
  }

  /** A page of this size at this address, once it shows a sweep. */
  Page open(String address, int width, int height, ColorScheme scheme) {
    com.microsoft.playwright.Browser.NewContextOptions options =
        new com.microsoft.playwright.Browser.NewContextOptions();
    options.setViewportSize(width, height).setColorScheme(scheme).setBypassCSP(false);
    BrowserContext context = browser.newContext(options);
    context.setDefaultTimeout(PATIENCE_MS);
    Page page = context.newPage();
    page.onConsoleMessage(message -> complaints.add(message.type() + ": " + message.text()));
    page.onPageError(error -> complaints.add("error: " + error));
    page.onDialog(
        dialog -> {
          complaints.add("dialog: " + dialog.message());
          dialog.dismiss();
        });
    page.navigate(address);
    page.locator("#content").waitFor();
    return page;
  }

  Page open(String address) {
    return open(address, 1360, 1000, ColorScheme.LIGHT);
  }

  /**
   * Nothing failed in any page, nothing was refused by its policy, and nobody opened a dialog.
   * Closes all pages: one that outlives its server complains.
   */
  void hasNothingToComplain() {
    List<String> now = List.copyOf(complaints);
    forgive();
    assertThat(now).isEmpty();
  }

  /** Closes all pages, whatever they complain of, for a test that takes the server away. */
  void forgive() {
    browser.contexts().forEach(BrowserContext::close);
    complaints.clear();
  }

  /** What axe finds that keeps people out, as one line each. */
  static List<String> barriers(Page page) {
    return new AxeBuilder(page)
        .analyze().getViolations().stream()
            .filter(rule -> List.of("serious", "critical").contains(rule.getImpact()))
            .map(Browser::line)
            .toList();
  }

  private static String line(Rule rule) {
    return rule.getImpact() + " " + rule.getId() + " " + rule.getNodes().get(0).getTarget();
  }

  /** A picture of what is seen, for people to look at. */
  static void picture(Page page, String name) {
    page.screenshot(new ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
  }

  /** A picture of a part of it. */
  static void picture(Locator part, String name) {
    part.screenshot(new Locator.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")));
  }

  @Override
  public void close() {
    playwright.close();
  }
}
