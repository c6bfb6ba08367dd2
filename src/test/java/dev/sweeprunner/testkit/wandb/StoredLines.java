package dev.sweeprunner.testkit.wandb;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of one streamed file, each at the number that its sender gave it. */
final class StoredLines {
  private final List<@Nullable String> lines = new ArrayList<>();
  private int rewritten;

  /**
   * Writes lines from an offset on, over what is there.
   *
   * @return how many lines are missing before them; those become nulls
   */
  synchronized int put(int offset, List<String> content) {
    int gap = Math.max(0, offset - lines.size());
    for (int i = 0; i < gap; i++) {
      lines.add(null);
    }
    for (int i = 0; i < content.size(); i++) {
      String line = content.get(i);
      if (offset + i == lines.size()) {
        lines.add(line);
      } else {
        String before = lines.set(offset + i, line);
        rewritten += before == null || before.equals(line) ? 0 : 1;
      }
    }
    return gap;
  }

  synchronized int count() {
    return lines.size();
  }

  /** How many lines were replaced by different ones. */
  synchronized int rewritten() {
    return rewritten;
  }

  synchronized @Nullable String last() {
    return lines.isEmpty() ? null : lines.get(lines.size() - 1);
  }

  synchronized List<@Nullable String> all() {
    return Collections.unmodifiableList(new ArrayList<>(lines));
  }
}
