package dev.sweeprunner.relay;

import dev.sweeprunner.relay.files.ProgramFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A store in memory, by hand, that knows {@code CreateRunFiles} alone. */
final class ToldStore implements ProgramFiles {
  private final String address;
  private final Map<String, byte[]> kept = new ConcurrentHashMap<>();

  ToldStore(String address) {
    this.address = address;
  }

  Map<String, byte[]> kept() {
    return kept;
  }

  @Override
  public Optional<Map<String, @Nullable Object>> answer(
      String operation, Map<String, @Nullable Object> variables) {
    if (!operation.equals("CreateRunFiles") || !(variables.get("files") instanceof List<?> names)) {
      return Optional.empty();
    }
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put(
        "createRunFiles",
        Map.of(
            "files",
            names.stream()
                .map(name -> Map.of("name", name, "uploadUrl", address + "/secret-" + name))
                .toList()));
    return Optional.of(data);
  }

  @Override
  public boolean put(String path, InputStream body, long length) throws IOException {
    if (!path.startsWith("/secret-")) {
      return false;
    }
    byte[] content = body.readAllBytes();
    kept.put(path, content);
    return true;
  }

  @Override
  public Optional<InputStream> get(String path) {
    byte[] content = kept.get(path);
    return content == null ? Optional.empty() : Optional.of(new ByteArrayInputStream(content));
  }
}
