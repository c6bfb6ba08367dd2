package dev.sweeprunner.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sweeprunner.problem.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of each sweep the text of its file is all that counts here. */
class FollowedTests {
  @TempDir Path folder;
  private final List<Duration> pauses = new ArrayList<>();
  private Path list;
  private Path a;
  private Path b;

  @BeforeEach
  void twoSweepsOfWhichOneIsListed() throws IOException {
    list = folder.resolve("active.txt");
    a = Files.writeString(folder.resolve("a.yaml"), "a1");
    b = Files.writeString(folder.resolve("b.yaml"), "b1");
    Files.writeString(list, "a.yaml\n");
  }

  private Followed<String> followed() {
    Map<Path, Editions<String>> first = new LinkedHashMap<>();
    first.put(a, open(a));
    return new Followed<>(
        List.of(a), first, () -> SweepList.read(list, Path::of), this::open, pauses::add);
  }

  private Editions<String> open(Path file) {
    SweepSources sources =
        new SweepSources(
            file,
            Places.of(folder, file),
            path -> {
              throw new UserError(path.toString(), "is no YAML", "It need not be");
            });
    return new Editions<>(sources, sources.look(), text(file), new Texts(file), pauses::add);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UserError(file.toString(), "cannot be read", "Write it");
    }
  }

  @Test
  void as_long_as_nothing_is_edited_nothing_waits() {
    Followed<String> followed = followed();

    assertThat(followed.newest()).containsExactly("a1");
    assertThat(followed.newest()).containsExactly("a1");
    assertThat(followed.complaints()).isEmpty();
    assertThat(pauses).isEmpty();
  }

  @Test
  void the_list_is_followed_in_its_order() throws IOException {
    Followed<String> followed = followed();

    Files.writeString(list, "b.yaml\na.yaml\n");
    assertThat(followed.newest()).containsExactly("b1", "a1");
    Files.writeString(b, "b2");
    assertThat(followed.newest()).containsExactly("b2", "a1");
    Files.writeString(list, "b.yaml\n");
    assertThat(followed.newest()).containsExactly("b2");
  }

  @Test
  void what_cannot_be_read_stays_as_it_was() throws IOException {
    Followed<String> followed = followed();

    Files.writeString(list, "a.yaml\nc.yaml\n");
    assertThat(followed.newest()).containsExactly("a1");
    assertThat(followed.complaints()).singleElement().asString().contains("c.yaml");
    Files.writeString(list, "# none\n");
    assertThat(followed.newest()).containsExactly("a1");
    assertThat(followed.complaints()).singleElement().asString().contains("names no sweep file");
    Files.delete(list);
    assertThat(followed.newest()).containsExactly("a1");
    assertThat(followed.complaints()).singleElement().asString().contains("active.txt");
    Files.writeString(list, "b.yaml\n");
    assertThat(followed.newest()).containsExactly("b1");
    assertThat(followed.complaints()).isEmpty();
  }

  @Test
  void a_list_that_is_being_written_counts_once_it_stands_still() throws IOException {
    Followed<String> followed =
        new Followed<>(
            List.of(a),
            Map.of(a, open(a)),
            () -> SweepList.read(list, Path::of),
            this::open,
            pause -> put("a.yaml\nb.yaml\n"));

    put("");
    assertThat(followed.newest()).as("after the pause").containsExactly("a1", "b1");
    assertThat(followed.complaints()).isEmpty();
  }

  private void put(String names) {
    try {
      Files.writeString(list, names);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes every edit. */
  private record Texts(Path file) implements Editions.Maker<String> {
    @Override
    public String make(String before) {
      return text(file);
    }

    @Override
    public void accepted(Collection<Path> changed, String before, String after) {}

    @Override
    public void refused(String why) {}
  }
}
