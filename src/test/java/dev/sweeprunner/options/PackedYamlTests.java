package dev.sweeprunner.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class PackedYamlTests {
  private static final Path FILE = Path.of("application.yml");

  @Test
  void the_packed_file_reads_like_a_yaml_reader_reads_it() throws IOException {
    Map<String, String> byHand;
    Map<String, String> whole = new LinkedHashMap<>();

    try (InputStream in = Files.newInputStream(FILE)) {
      byHand = PackedYaml.read(in, "sweep-runner");
    }
    Map<String, Object> document = new Yaml().load(Files.readString(FILE));
    flatten("", Objects.requireNonNull(document.get("sweep-runner")), whole);

    assertThat(byHand).isNotEmpty().containsExactlyEntriesOf(whole);
  }

  private static void flatten(String prefix, Object value, Map<String, String> into) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, nested) -> flatten(prefix + "." + name, nested, into));
    } else {
      into.put(prefix.substring(1), value.toString());
    }
  }
}
