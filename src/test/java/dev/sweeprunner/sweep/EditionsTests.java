package dev.sweeprunner.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep file under the hands of people and their editors. */
class EditionsTests {
  private static final String SWEEP = "command: [--job.config-file, base.toml]\n";

  @TempDir Path folder;
  private final List<String> refused = new ArrayList<>();
  private final List<String> accepted = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final Deque<Runnable> meanwhile = new ArrayDeque<>();
  private final Deque<Runnable> whileMaking = new ArrayDeque<>();
  private int made;
  private Editions<List<Long>> editions;

  @BeforeEach
  void a_good_sweep() {
    write("base.toml", "[training]\n");
    write("sweep.yaml", SWEEP + "parameters: {x: {values: [1, 2]}}\n");
    Path file = folder.resolve("sweep.yaml");
    SweepSources sources =
        new SweepSources(
            file, Places.of(folder, file), path -> SweepFileReader.read(path, Map.of()));
    SweepSources.Look look = sources.look();
    editions = new Editions<>(sources, look, points(sources), new Reading(sources), this::pause);
  }

  @Test
  void files_that_stay_as_they_are_are_looked_at_and_no_more() {
    assertThat(editions.renew()).isFalse();
    assertThat(editions.renew()).isFalse();

    assertThat(made).isZero();
    assertThat(pauses).isEmpty();
  }

  @Test
  void an_edit_is_taken_once_the_files_have_stood_still() {
    write("sweep.yaml", SWEEP + "parameters: {x: {values: [1, 2, 3]}}\n");

    assertThat(editions.renew()).isTrue();
    assertThat(editions.renew()).isFalse();

    assertThat(editions.newest()).containsExactly(1L, 2L, 3L);
    assertThat(accepted).containsExactly("sweep.yaml: 2 to 3");
    assertThat(pauses).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void a_file_that_an_editor_empties_before_it_writes_it_is_no_edit_of_its_own() {
    write("sweep.yaml", "");
    meanwhile.add(() -> write("sweep.yaml", SWEEP + "parameters: {x: {values: [2]}}\n"));

    assertThat(editions.renew()).isTrue();

    assertThat(editions.newest()).containsExactly(2L);
    assertThat(refused).isEmpty();
  }

  @Test
  void a_file_that_is_still_being_written_is_looked_at_again() {
    write("sweep.yaml", SWEEP + "parameters: {x: {values: [1]}}\n");
    whileMaking.add(() -> write("sweep.yaml", SWEEP + "parameters: {x: {values: [1, 4]}}\n"));

    assertThat(editions.renew()).isTrue();
    assertThat(editions.newest()).containsExactly(1L, 2L);

    assertThat(editions.renew()).isTrue();
    assertThat(editions.newest()).containsExactly(1L, 4L);
    assertThat(accepted).containsExactly("sweep.yaml: 2 to 2");
  }

  @Test
  void a_file_that_is_gone_for_a_moment_was_not_edited() throws IOException {
    String text = Files.readString(folder.resolve("base.toml"));
    Files.delete(folder.resolve("base.toml"));
    meanwhile.add(() -> write("base.toml", text));

    assertThat(editions.renew()).isFalse();

    assertThat(made).isZero();
    assertThat(refused).isEmpty();
  }

  @Test
  void a_broken_edit_is_told_once_and_a_mend_goes_on() {
    write("sweep.yaml", SWEEP + "parameters: {x: {values: [1, 2\n");

    assertThat(editions.renew()).isFalse();
    assertThat(editions.renew()).isFalse();
    assertThat(editions.newest()).containsExactly(1L, 2L);
    assertThat(refused).singleElement().asString().contains("sweep.yaml:");
    assertThat(editions.complaint()).isPresent();

    write("sweep.yaml", SWEEP + "parameters: {x: {values: [1, 2, 5]}}\n");
    assertThat(editions.renew()).isTrue();

    assertThat(editions.newest()).containsExactly(1L, 2L, 5L);
    assertThat(editions.complaint()).isEmpty();
    assertThat(refused).hasSize(1);
  }

  @Test
  void each_broken_edit_is_told_also_one_that_was_told_before() {
    String good = SWEEP + "parameters: {x: {values: [1, 2]}}\n";
    for (String text : List.of("", good, "", "a: [", good)) {
      write("sweep.yaml", text);
      editions.renew();
    }

    assertThat(refused).hasSize(3);
    assertThat(accepted).containsExactly("sweep.yaml: 2 to 2", "sweep.yaml: 2 to 2");
  }

  @Test
  void a_missing_sweep_file_is_a_broken_edit() throws IOException {
    Files.delete(folder.resolve("sweep.yaml"));

    assertThat(editions.renew()).isFalse();

    assertThat(editions.newest()).containsExactly(1L, 2L);
    assertThat(refused).singleElement().asString().contains("there is no such sweep file");
  }

  @Test
  void the_base_toml_and_the_file_beside_the_sweep_count_too() {
    write("base.toml", "[training]\nseed = 2\n");
    assertThat(editions.renew()).isTrue();
    write("sweep.runner.yaml", "grace: 3m\n");
    assertThat(editions.renew()).isTrue();
    write("other.runner.yaml", "grace: 3m\n");
    assertThat(editions.renew()).isFalse();

    assertThat(accepted).containsExactly("base.toml: 2 to 2", "sweep.runner.yaml: 2 to 2");
  }

  @Test
  void a_toml_that_an_edit_names_before_it_is_there_is_waited_for() {
    String edit = "command: [--job.config-file, new.toml]\nparameters: {x: {values: [7]}}\n";
    write("sweep.yaml", edit);
    assertThat(editions.renew()).isFalse();
    assertThat(refused).singleElement().asString().contains("new.toml");

    write("new.toml", "[training]\n");

    assertThat(editions.renew()).isTrue();
    assertThat(editions.newest()).containsExactly(7L);
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void pause(Duration time) {
    pauses.add(time);
    if (!meanwhile.isEmpty()) {
      meanwhile.remove().run();
    }
  }

  private List<Long> points(SweepSources sources) {
    SweepFile sweep = sources.sweep();
    SweepFile.Reference toml = sweep.baseToml();
    if (toml != null && !Files.exists(folder.resolve(toml.text()))) {
      throw new UserError(toml.text(), "is missing", "Write it");
    }
    List<Long> values = new ArrayList<>();
    PointSpace space = sweep.space(SpaceOptions.NONE);
    for (int i = 0; i < space.size(); i++) {
      values.add((Long) space.at(i).get("x"));
    }
    return values;
  }

  private final class Reading implements Editions.Maker<List<Long>> {
    private final SweepSources sources;

    Reading(SweepSources sources) {
      this.sources = sources;
    }

    @Override
    public List<Long> make(List<Long> before) {
      made++;
      sources.look();
      List<Long> points = points(sources);
      if (!whileMaking.isEmpty()) {
        whileMaking.remove().run();
      }
      return points;
    }

    @Override
    public void accepted(Collection<Path> changed, List<Long> before, List<Long> after) {
      List<String> names = changed.stream().map(path -> path.getFileName().toString()).toList();
      accepted.add(String.join(" ", names) + ": " + before.size() + " to " + after.size());
    }

    @Override
    public void refused(String why) {
      refused.add(why);
    }
  }
}
