package dev.sweeprunner.sweep;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sweep file as read: what it names, its grid, and what of it is not used.
 *
 * @param path the file as the user gave it
 * @param name names the group folder; {@code default} where the file gives none
 * @param project {@code translation-compression} where the file gives none
 * @param projectGiven whether the file gives one
 * @param entity W&amp;B entity, or null
 * @param baseToml the base TOML as written in {@code command}, or null to start from the defaults
 * @param grid the grid of {@code parameters}
 * @param unused names of what the built-in trainer does not use ({@code program}, the rest of
 *     {@code command}, {@code metric}, {@code early_terminate}, {@code run_cap}), in file order
 * @param warnings one line each: keys that mean nothing, with the nearest known one
 */
public record SweepFile(
    Path path,
    String name,
    String project,
    boolean projectGiven,
    @Nullable String entity,
    @Nullable Reference baseToml,
    Grid grid,
    List<String> unused,
    List<String> warnings) {
  /** Copies the lists. */
  public SweepFile {
    unused = List.copyOf(unused);
    warnings = List.copyOf(warnings);
  }

  public boolean isGrid() {
    return true;
  }

  public boolean nameGiven() {
    return !name.equals("default");
  }

  public @Nullable Metric metric() {
    return null;
  }

  public List<Reference> keys() {
    return grid.parameters().stream().map(p -> new Reference(p.key(), p.line())).toList();
  }

  public Program program() {
    return new Program(null, null);
  }

  public PointSpace space(SpaceOptions options) {
    throw new UnsupportedOperationException();
  }

  public List<String> notes() {
    return List.of();
  }

  public record Program(@Nullable Reference program, @Nullable List<Reference> command) {}

  /** A place in this file as errors name it. */
  public String at(int line) {
    return path + ":" + line;
  }

  /**
   * A path that the file mentions.
   *
   * @param text as written
   * @param line where, from 1
   */
  public record Reference(String text, int line) {}
}
