package dev.sweeprunner.testkit;

import java.util.List;
import java.util.Random;

/** JSON as some program might write it: odd numbers, odd names, blanks, tokens that JSON lacks. */
public final class AnyJson {
  private static final List<String> NAMES =
      List.of(
          "loss",
          "train/loss",
          "iter",
          "logged",
          "wall",
          "_step",
          "a.b",
          "",
          "näme 实验",
          "\\\"wall\\\":{",
          "},\\\"wall\\\":{\\\"",
          "\\u00e9\\n",
          "\\\\",
          "_type",
          "NaN",
          "{",
          "]");
  private static final List<String> SCALARS =
      List.of(
          "0",
          "-0.0",
          "1e-7",
          "1E+5",
          "0.10",
          "12345678901234567890123",
          "1.7976931348623157e308",
          "3.0000000000000001",
          "NaN",
          "Infinity",
          "-Infinity",
          "null",
          "true",
          "false",
          "\"\"",
          "\"NaN\"",
          "\"a,\\\"wall\\\":{\\\"x\\\":1}}\"",
          "\"\\ud83d\\ude00 \\\\\"",
          "\"}{][\"");

  private final Random random;

  /** The same texts for the same seed. */
  public AnyJson(long seed) {
    this.random = new Random(seed);
  }

  /** Members of an object without its braces; maybe none. */
  public String members() {
    return members(3);
  }

  private String members(int depth) {
    StringBuilder members = new StringBuilder(blank());
    for (int left = random.nextInt(5); left > 0; left--) {
      members.append('"').append(one(NAMES)).append('"').append(blank()).append(':');
      members.append(blank()).append(value(depth)).append(blank()).append(left > 1 ? "," : "");
    }
    return members.toString();
  }

  private String value(int depth) {
    int kind = depth == 0 ? 9 : random.nextInt(10);
    if (kind < 2) {
      return "{" + members(depth - 1) + "}";
    }
    return kind == 2 ? "[" + value(depth - 1) + "," + value(depth - 1) + "]" : one(SCALARS);
  }

  private String blank() {
    return random.nextInt(4) == 0 ? " " : "";
  }

  private String one(List<String> all) {
    return all.get(random.nextInt(all.size()));
  }
}
