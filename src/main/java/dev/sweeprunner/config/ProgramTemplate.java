package dev.sweeprunner.config;

import dev.sweeprunner.sweep.PointSpace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Points whose config is their parameters. A whole parameter {@code seed} names the folder too. */
final class ProgramTemplate implements PointTemplate {
  private static final String SEED = "seed";

  private final PointSpace space;

  ProgramTemplate(PointSpace space) {
    this.space = space;
  }

  @Override
  public long size() {
    return space.size();
  }

  @Override
  public byte[] canonicalJson(int index) {
    return ConfigValue.of(space.at(index)).json();
  }

  @Override
  public Made make(int index) {
    Map<String, @Nullable Object> parameters = space.at(index);
    byte[] json = ConfigValue.of(parameters).json();
    String text = new String(json, StandardCharsets.US_ASCII);
    return new Made(new ProgramConfig(parameters, text, Sha256.of(json)), seed(parameters), null);
  }

  @Override
  public @Nullable Long seed(int index) {
    return seed(space.at(index));
  }

  private static @Nullable Long seed(Map<String, @Nullable Object> parameters) {
    return parameters.get(SEED) instanceof Long seed ? seed : null;
  }

  @Override
  public Map<String, @Nullable Object> overrides(int index) {
    return space.flat(index);
  }

  @Override
  public String workUnit() {
    return ProgramConfig.WORK_UNIT;
  }

  @Override
  public List<String> keys() {
    return space.size() == 0 ? List.of() : List.copyOf(space.flat(0).keySet());
  }

  @Override
  public List<String> varied() {
    return space.swept();
  }

  @Override
  public List<String> warnings() {
    return space.notes();
  }
}
