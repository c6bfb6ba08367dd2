package dev.sweeprunner.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the points of a sweep do to one another in one working directory. */
class CompanyTests {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();
  private final List<String> notes = new ArrayList<>();
  private Path working;

  @BeforeEach
  void makeFolder() throws IOException {
    working = Files.createDirectory(folder.resolve("work"));
  }

  private Company company(boolean apart) {
    return new Company(clock, working, apart, working.resolve("out"));
  }

  private Company.Visit visit(Company company, String point, boolean fresh) {
    return company.begin(point, fresh, notes::add);
  }

  private void writes(String name, String text) throws IOException {
    Files.createDirectories(working.resolve(name).getParent());
    Files.writeString(working.resolve(name), text);
  }

  private void runs(Company company, String point, Duration time, boolean finished) {
    Company.Visit visit = visit(company, point, true);
    clock.advance(time);
    visit.ended(finished);
  }

  @Test
  void two_points_that_write_one_file_are_told_of() throws IOException {
    Company company = company(false);
    Company.Visit first = visit(company, "aaaaaaaa", true);
    writes("result.txt", "1");
    first.ended(true);
    Company.Visit second = visit(company, "bbbbbbbb", true);
    writes("result.txt", "two");

    second.ended(true);

    assertThat(notes)
        .singleElement()
        .asString()
        .startsWith("Point bbbbbbbb wrote result.txt")
        .contains("point aaaaaaaa wrote before it");
  }

  @Test
  void another_points_checkpoint_at_the_start_is_told_of() throws IOException {
    Company company = company(false);
    Company.Visit first = visit(company, "aaaaaaaa", true);
    writes("ckpt.pt", "1");
    first.ended(false);

    visit(company, "bbbbbbbb", true).ended(true);

    assertThat(notes)
        .singleElement()
        .asString()
        .startsWith("Point bbbbbbbb may have gone on from ckpt.pt")
        .contains("point aaaaaaaa wrote");
  }

  @Test
  void what_lies_in_the_storage_root_is_nobodys_business() throws IOException {
    Company company = company(false);
    Company.Visit first = visit(company, "aaaaaaaa", true);
    writes("out/ckpt.pt", "1");
    first.ended(true);
    Company.Visit second = visit(company, "bbbbbbbb", true);
    writes("out/ckpt.pt", "two");

    second.ended(true);

    assertThat(notes).isEmpty();
  }

  @Test
  void points_with_a_folder_each_share_nothing() throws IOException {
    Company company = company(true);
    Company.Visit first = visit(company, "aaaaaaaa", true);
    writes("ckpt.pt", "1");
    first.ended(true);
    Company.Visit second = visit(company, "bbbbbbbb", true);
    writes("ckpt.pt", "two");

    second.ended(true);

    assertThat(notes).isEmpty();
  }

  @Test
  void one_that_is_done_in_a_fraction_of_its_fellows_time_is_told_of() {
    Company company = company(true);
    for (String point : List.of("a", "b", "c")) {
      runs(company, point, Duration.ofSeconds(100), true);
    }

    runs(company, "d", Duration.ofSeconds(1), true);

    assertThat(notes).singleElement().asString().startsWith("Point d finished in 1.0 s");
  }

  @Test
  void one_that_goes_on_or_fails_is_no_fellow() {
    Company company = company(true);
    for (String point : List.of("a", "b", "c")) {
      runs(company, point, Duration.ofSeconds(100), false);
    }
    Company.Visit resumed = visit(company, "d", false);
    clock.advance(Duration.ofSeconds(100));
    resumed.ended(true);

    runs(company, "e", Duration.ofSeconds(1), true);

    assertThat(notes).isEmpty();
  }
}
