package dev.sweeprunner.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.util.regex.Pattern.compile;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a finished toy sweep in a real browser. */
class PageBrowserIT {
  private static final int POINTS = 12;

  @TempDir static Path folder;
  private static Browser browser;
  private static ServedPage served;

  @BeforeAll
  static void train_a_sweep_and_serve_it() {
    browser = Browser.start();
    Toy toy =
        Toy.of(
            folder,
            40,
            """
            model.n_embd: {values: [8, 16]}
            experiment.translation_ratio: {values: [0.0, 0.5, 1.0]}
            training.seed: {values: [1, 2]}
            """);
    JarProcess.run(folder, toy.worker("root", "w1"));
    served = ServedPage.of(folder, "toy.yaml", "root");
  }

  @AfterAll
  static void stop() {
    if (served != null) {
      served.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @AfterEach
  void nothing_fails_in_any_page() {
    browser.hasNothingToComplain();
  }

  @Test
  void the_head_says_how_far_the_sweep_is() {
    Page page = browser.open(served.url());

    assertThat(page.locator("h1")).hasText("toy");
    assertThat(page.locator("#figure-done")).containsText("12 of 12");
    assertThat(page.locator("#figure-left")).containsText("ended");
    assertThat(page.locator("#bar")).hasAttribute("aria-label", "12 finished");
    assertThat(page.locator("#connection")).hasText("live");
    assertThat(page).hasTitle("12/12 toy");
  }

  @Test
  void the_grid_shows_every_point_by_a_mark_and_the_value_of_its_cell() {
    Page page = browser.open(served.url());

    assertThat(page.locator("#grids tbody tr")).hasCount(2);
    assertThat(page.locator("[data-at]")).hasCount(6);
    assertThat(page.locator("[data-at] .tile")).hasCount(POINTS);
    assertThat(page.locator("[data-at] .tile").first()).hasText("✓");
    assertThat(page.locator("[data-at='0,0,0']"))
        .hasAttribute("aria-label", compile("2 finished, mean .* [0-9.]+"));
    assertThat(page.locator("[data-at].best")).hasCount(1);
  }

  @Test
  void other_keys_can_be_rows_and_columns_or_stand_apart() {
    Page page = browser.open(served.url());

    page.getByLabel("Rows").selectOption("training.seed");
    page.locator("#grid-controls select[aria-label=n_embd]").selectOption("apart");

    assertThat(page.locator("#grids table")).hasCount(2);
    assertThat(page.locator("#grids caption").first()).hasText("n_embd = 8");
    assertThat(page.locator("#grids [data-at]")).hasCount(POINTS);

    page.locator("#grid-controls select[aria-label=n_embd]").selectOption("=16");

    assertThat(page.locator("#grids table")).hasCount(1);
    assertThat(page.locator("#grids [data-at]")).hasCount(6);
  }

  @Test
  void the_grid_is_walked_by_arrow_keys_and_enter_selects() {
    Page page = browser.open(served.url());
    page.locator("[data-at='0,0,0']").focus();

    page.keyboard().press("ArrowRight");
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowDown");

    assertThat(page.locator("[data-at='0,1,1']")).isFocused();
    assertThat(page.locator("[data-at][tabindex='0']")).hasCount(1);
    assertThat(page.locator("#grid-line")).containsText("2 points");

    page.keyboard().press("Enter");

    assertThat(page.locator("[data-at='0,1,1']")).hasAttribute("aria-selected", "true");
    assertThat(page.locator(".curve-list tbody tr")).hasCount(2);
    assertThat(page.locator("#curves-line")).containsText("2 selected runs");

    page.keyboard().press("End");
    page.keyboard().press("i");

    assertThat(page.locator("#details")).isVisible();
    page.keyboard().press("Escape");
    assertThat(page.locator("#details")).isHidden();
  }

  @Test
  void everything_is_reached_by_tab_and_the_first_stop_skips_the_head() {
    Page page = browser.open(served.url() + "#sort=-value");

    page.keyboard().press("Tab");
    assertThat(page.locator(".skip")).isFocused();
    page.keyboard().press("Enter");

    assertThat(page.locator("#main")).isFocused();
    assertThat(page.url()).endsWith("#sort=-value");
    assertThat(unreachable(page)).isEmpty();
  }

  /** What can be used by a pointer and is in no order of Tab, but for cells that arrows reach. */
  @SuppressWarnings("unchecked")
  private static List<Object> unreachable(Page page) {
    return (List<Object>)
        page.evaluate(
            "[...document.querySelectorAll('button,select,input,summary,[role=slider],[role=listbox]')].filter(e"
                + " => e.tabIndex < 0).map(e => e.outerHTML)");
  }

  @Test
  void the_table_sorts_by_value() {
    Page page = browser.open(served.url());
    Locator head = page.locator(".runs th.strong");

    head.getByRole(AriaRole.BUTTON).click();

    assertThat(head).hasAttribute("aria-sort", "ascending");
    List<Double> rising = values(page);
    assertThat(rising).hasSize(POINTS).isSorted();

    head.getByRole(AriaRole.BUTTON).click();

    assertThat(head).hasAttribute("aria-sort", "descending");
    assertThat(values(page)).containsExactlyElementsOf(reversed(rising));
  }

  private static List<Double> values(Page page) {
    return page.locator(".runs tbody td.strong").allTextContents().stream()
        .map(Double::valueOf)
        .toList();
  }

  private static List<Double> reversed(List<Double> values) {
    List<Double> reversed = new ArrayList<>(values);
    Collections.reverse(reversed);
    return reversed;
  }

  @Test
  void the_table_filters_by_words_and_by_state() {
    Page page = browser.open(served.url());

    page.getByRole(AriaRole.SEARCHBOX).fill("n_embd=16 seed=2");

    assertThat(page.locator(".runs tbody tr")).hasCount(3);
    assertThat(page.locator("#runs-controls")).containsText("3 of 12 runs");
    assertThat(page.locator("[data-at][data-dim]")).hasCount(3);

    page.locator("#runs-controls button").click();
    page.locator(".chip").filter(new Locator.FilterOptions().setHasText("finished")).click();

    assertThat(page.locator(".runs tbody tr")).hasCount(POINTS);
    assertThat(page.locator(".chip")).hasAttribute("aria-pressed", "true");
  }

  @Test
  void curves_have_values_under_the_pointer_and_by_key() {
    Page page = browser.open(served.url());
    page.locator("[data-at='0,0,0']").click();
    assertThat(page.locator("#plot canvas")).isVisible();
    page.getByLabel("Metric").selectOption("train/loss");

    page.locator("#plot").focus();
    page.keyboard().press("Home");
    page.keyboard().press("ArrowRight");
    page.keyboard().press("ArrowRight");

    Locator head = page.locator(".curve-list th").nth(1);
    assertThat(head).hasText("At 2");
    assertThat(page.locator(".curve-list tbody td").first()).hasText(compile("[0-9.]+"));
    assertThat(page.locator("#plot")).hasAttribute("aria-valuetext", compile("iteration 2: .*"));

    page.locator("#plot .u-over").hover();

    assertThat(head).hasText(compile("At [12][0-9]"));
  }

  @Test
  void a_link_shows_what_was_chosen() {
    Page page = browser.open(served.url());
    page.locator("[data-at='0,1,2']").click();
    page.getByLabel("Metric").selectOption("train/loss");
    page.getByLabel("log scale").check();
    page.getByLabel("Smoothing").fill("0.6");
    page.getByRole(AriaRole.SEARCHBOX).fill("seed=1");
    Page other = browser.open(page.url());

    assertThat(other.locator("[data-at='0,1,2']")).hasAttribute("aria-selected", "true");
    assertThat(other.getByLabel("Metric")).hasValue("train/loss");
    assertThat(other.getByLabel("log scale")).isChecked();
    assertThat(other.getByLabel("Smoothing")).hasValue("0.6");
    assertThat(other.locator(".runs tbody tr")).hasCount(6);
  }

  @Test
  void a_dark_system_gets_a_dark_page_and_the_button_overrules_it() {
    Page page = browser.open(served.url(), 1360, 1000, ColorScheme.DARK);
    assertThat(page.locator("body")).hasCSS("background-color", "rgb(14, 17, 22)");

    page.locator("#theme").click();

    assertThat(page.locator("body")).hasCSS("background-color", "rgb(244, 246, 248)");
    page.reload();
    assertThat(page.locator("body")).hasCSS("background-color", "rgb(244, 246, 248)");
  }

  @Test
  void a_phone_never_scrolls_the_page_sideways() {
    Page page = browser.open(served.url(), 360, 800, ColorScheme.LIGHT);
    page.locator("[data-at='0,0,0']").click();
    page.locator(".events summary").click();

    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
    assertThat(page.locator(".runs tbody tr")).hasCount(POINTS);
  }

  @Test
  void nothing_keeps_people_out() {
    Page light = browser.open(served.url());
    light.locator("[data-at='0,0,0']").click();
    light.locator(".events summary").click();
    String filtered = served.url() + "#find=seed%3D1%20n_embd%3D8&colour=value";
    Page dark = browser.open(filtered, 1360, 1000, ColorScheme.DARK);
    Page phone = browser.open(served.url(), 360, 800, ColorScheme.LIGHT);
    Page details = browser.open(served.url());
    details.locator(".runs tbody th button").first().click();
    details.locator("#details").waitFor();

    assertThat(Browser.barriers(light)).isEmpty();
    assertThat(Browser.barriers(dark)).isEmpty();
    assertThat(Browser.barriers(phone)).isEmpty();
    assertThat(Browser.barriers(details)).isEmpty();
    browser.forgive(); // axe tries a script of its own, which the page's policy refuses
  }

  @Test
  void an_exported_file_needs_nobody() {
    JarProcess.run(
        folder, List.of("serve", "--sweep", "toy.yaml", "--storage", "root", "--export", "x.html"));
    Page page = browser.open(folder.resolve("x.html").toUri().toString());
    List<String> asked = new ArrayList<>();
    page.onRequest(request -> asked.add(request.url()));

    page.locator("[data-at='0,0,0']").click();

    assertThat(page.locator("#plot canvas")).isVisible();
    assertThat(page.locator(".curve-list tbody td").nth(1)).hasText(compile("[0-9.]+"));
    assertThat(page.locator("#connection")).hasText(compile("exported .*"));
    page.reload();
    assertThat(page.locator("[data-at='0,0,0']")).hasAttribute("aria-selected", "true");
    assertThat(asked).allMatch(address -> address.startsWith("file:"));
    assertThat(asked).hasSizeLessThanOrEqualTo(1);
  }
}
