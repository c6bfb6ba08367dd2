package dev.sweeprunner.program.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/**
 * Makes lines of what a program prints: a bar that is redrawn by carriage returns is its last
 * state, terminal codes are gone, what is no UTF-8 is replaced, a long line is cut. Belongs to one
 * thread.
 */
final class LineDecoder {
  /** Bytes of a line that are kept. */
  static final int LONGEST = 64 * 1024;

  private static final Pattern CODES =
      Pattern.compile(
          "\u001b(?:\\[[0-?]*[ -/]*[@-~]|][^\u0007\u001b]*(?:\u0007|\u001b\\\\)|[ -/]*[0-~])");

  private final Sink sink;
  private final byte[] mark;
  private final byte[] line = new byte[LONGEST];
  private int length;
  private long dropped;
  private boolean returned;
  private int matched;

  /**
   * Nothing read yet.
   *
   * @param mark of the guard; its first byte is zero, and what follows does not begin as it does
   */
  LineDecoder(String mark, Sink sink) {
    this.mark = mark.getBytes(ISO_8859_1);
    this.sink = sink;
  }

  /** Where lines go. */
  interface Sink {
    /** Takes one; may wait. */
    void line(String line);

    /**
     * The mark has come, and all that was printed before it has been handed over, since whoever
     * waits for the end may look from here on.
     *
     * @return true if nothing counts any more
     */
    boolean marked();
  }

  /** Takes bytes, up to a mark after which nothing counts. */
  void take(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      if (bytes[i] != mark[matched]) {
        takeUnmatched(bytes[i]);
      } else if (++matched == mark.length) {
        matched = 0;
        finish();
        if (sink.marked()) {
          return;
        }
      }
    }
  }

  /** What looked like the mark was none; what comes now may be its beginning. */
  private void takeUnmatched(byte next) {
    for (int i = 0; i < matched; i++) {
      put(mark[i]);
    }
    matched = next == mark[0] ? 1 : 0;
    if (matched == 0) {
      put(next);
    }
  }

  private void put(byte next) {
    if (next == '\n') {
      sink.line(text());
      clear();
    } else if (next == '\r') {
      returned = true;
    } else {
      if (returned) {
        clear();
      }
      if (length < LONGEST) {
        line[length++] = next;
      } else {
        dropped++;
      }
    }
  }

  /** The end: a line that was begun is one. */
  void finish() {
    if (length > 0) {
      sink.line(text());
      clear();
    }
  }

  private void clear() {
    length = 0;
    dropped = 0;
    returned = false;
  }

  /** The line that has been begun, or the state of a bar; empty if none. */
  String unfinished() {
    return text();
  }

  private String text() {
    int whole = dropped == 0 ? length : wholeLetters();
    String text = new String(line, 0, whole, UTF_8);
    if (text.indexOf('\u001b') >= 0) {
      text = CODES.matcher(text).replaceAll("");
    }
    long cut = length - whole + dropped;
    return cut == 0 ? text : text + " ... " + cut + " bytes left out";
  }

  /** Bytes up to the last letter that is whole, where a line was cut. */
  private int wholeLetters() {
    int begin = length - 1;
    while (begin > length - 4 && (line[begin] & 0xC0) == 0x80) {
      begin--;
    }
    return (line[begin] & 0xC0) == 0xC0 ? begin : length;
  }
}
