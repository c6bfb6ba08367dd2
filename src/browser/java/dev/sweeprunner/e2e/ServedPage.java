package dev.sweeprunner.e2e;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The command {@code serve} as a process of the built jar, and where its page is. */
final class ServedPage implements AutoCloseable {
  private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/");
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final JarProcess process;
  private final Matcher address;

  private ServedPage(JarProcess process) {
    this.process = process;
    await()
        .atMost(LIMIT)
        .until(() -> ADDRESS.matcher(process.printed()).find() || !process.alive());
    address = ADDRESS.matcher(process.printed());
    if (!address.find()) {
      throw new AssertionError("serve has printed no address:\n" + process.printed());
    }
  }

  /** Serves a sweep file of a folder, whose storage root stands beside it. */
  static ServedPage of(Path folder, String sweep, String root, String... more) {
    List<String> words = new ArrayList<>(List.of("serve", "--sweep", sweep, "--storage", root));
    words.addAll(List.of(more));
    return new ServedPage(JarProcess.start(folder, words));
  }

  String url() {
    return address.group();
  }

  String port() {
    return address.group(1);
  }

  @Override
  public void close() {
    process.close();
  }
}
