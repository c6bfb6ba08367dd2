package dev.sweeprunner.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One field of the identity schema.
 *
 * @param index its place in the canonical order (section, then name, by code point)
 * @param section for example {@code model}
 * @param name for example {@code n_embd}
 * @param kind what its values are
 * @param nullable whether null is a value
 * @param choices the only strings it may have; empty for any
 * @param initial the default, in the form in which it is printed
 * @param meaning a sentence for docs/config.md
 * @param bounds what a value must be besides, for the same page; empty where anything of the kind
 *     is taken. {@link Rules} and the trainer's refusals enforce it
 */
record Field(
    int index,
    String section,
    String name,
    Kind kind,
    boolean nullable,
    List<String> choices,
    @Nullable Object initial,
    String meaning,
    String bounds) {

  /** What the values of a field are, and how wide its typed form is. */
  enum Kind {
    INT("a whole number"),
    LONG("a whole number"),
    DOUBLE("a number"),
    BOOLEAN("true or false"),
    TEXT("a string"),
    TEXTS("a list of strings");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** The same field at its place. */
  Field at(int place) {
    return new Field(place, section, name, kind, nullable, choices, initial, meaning, bounds);
  }

  /** The same field with what it means. */
  Field means(String sentence) {
    return means(sentence, "");
  }

  /** The same field with what it means, and what a value of it must be. */
  Field means(String sentence, String limits) {
    return new Field(index, section, name, kind, nullable, choices, initial, sentence, limits);
  }

  /** By hand: linking the one that a record gets takes a short command 15 ms. */
  @Override
  public int hashCode() {
    return index;
  }

  /** The dotted key. */
  String key() {
    return section + "." + name;
  }
}
