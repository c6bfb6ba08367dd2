package dev.sweeprunner.relay.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A program that logs the same whenever it is at an iteration, whatever happened to it before.
 *
 * @param numbering how it numbers its rows
 * @param savesFirst whether it saves before it logs, as Lightning does
 * @param iterations from 0 on
 * @param logEvery at which it logs
 * @param evaluateEvery at which it logs a second row (of the same step where it names steps)
 * @param evaluationSaysWhere whether that one names its place on the axis
 * @param saveEvery after which it saves
 * @param restEvery at which it is silent for 15 s
 */
record Script(
    Numbering numbering,
    boolean savesFirst,
    int iterations,
    int logEvery,
    int evaluateEvery,
    boolean evaluationSaysWhere,
    int saveEvery,
    int restEvery) {
  /** What is logged after a checkpoint, in more than one row, may be torn by a kill. */
  private static final int NEVER = 1 << 20;

  static Script draw(Numbering numbering, SplittableRandom random) {
    boolean savesFirst = numbering != Numbering.COUNTED && random.nextInt(3) == 0;
    return new Script(
        numbering,
        savesFirst,
        15 + random.nextInt(60),
        1 + random.nextInt(3),
        savesFirst ? NEVER : 2 + random.nextInt(6),
        random.nextBoolean(),
        1 + random.nextInt(7),
        5 + random.nextInt(20));
  }

  /** What it logs at an iteration: members of a row, without anything of the client. */
  List<String> logged(int i) {
    List<String> rows = new ArrayList<>();
    if (i % logEvery == 0) {
      String train = "\"loss\":" + (1.0 / (i + 1)) + ",\"id\":" + i;
      rows.add(numbering == Numbering.AXIS ? train + ",\"x\":" + i : train);
      if (i % evaluateEvery == 0 && evaluateEvery != NEVER) {
        String evaluated = "\"val\":{\"_step\":" + i + "},\"id\":" + i + ".5";
        boolean where = numbering == Numbering.AXIS && evaluationSaysWhere;
        rows.add(where ? evaluated + ",\"x\":" + i : evaluated);
      }
    }
    return rows;
  }

  /** Whether it saves after an iteration. */
  boolean saves(int i) {
    return (i + 1) % saveEvery == 0;
  }

  /** The name of all its rows, in order: what is to be in the history, once. */
  List<String> all() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < iterations; i++) {
      List<String> logged = logged(i);
      if (numbering == Numbering.EXPLICIT && logged.size() > 1) {
        ids.add(id(logged.get(1)));
      } else {
        logged.forEach(row -> ids.add(id(row)));
      }
    }
    return ids;
  }

  /** The name of a row. */
  static String id(String row) {
    String from = row.substring(row.indexOf("\"id\":") + 5);
    String id = from.split("[,}]", 2)[0];
    return id.contains(".") ? id : id + ".0";
  }
}
