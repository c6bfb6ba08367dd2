package dev.sweeprunner.sweep;

import java.util.List;

/**
 * One parameter of a program's sweep.
 *
 * @param path its name, a part per level of nesting; a part may have dots of its own
 * @param line line of the name, from 1
 * @param domain its values
 */
record Variable(List<String> path, int line, Domain domain) {
  /** The dotted name. */
  String name() {
    return String.join(".", path);
  }
}
