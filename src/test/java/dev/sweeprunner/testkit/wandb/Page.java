package dev.sweeprunner.testkit.wandb;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of an ordered list of runs. Cursors count rows, so that a list that changes between two
 * pages shows rows twice or not at all, as was reported of the real server.
 *
 * @param rows the stretch
 * @param from its first row's number in the list
 * @param total rows of the list
 */
record Page(List<RunView> rows, int from, int total) {
  private static final int USUAL = 50;

  /** What a client asks for. */
  record Wish(@Nullable Integer first, @Nullable String after, @Nullable String order) {}

  static Page of(Stream<RunView> runs, Predicate<RunView> wanted, Wish wish, int cap) {
    List<RunView> list = runs.filter(wanted).sorted(order(wish.order())).toList();
    int from = Math.min(position(wish.after()), list.size());
    int wished = wish.first() == null ? USUAL : wish.first();
    if (wished < 0) {
      throw new Refusal(400, "first must not be negative");
    }
    int to = Math.min(list.size(), from + Math.min(wished, cap));
    return new Page(list.subList(from, to), from, list.size());
  }

  boolean hasNext() {
    return from + rows.size() < total;
  }

  String cursor(int row) {
    String text = "cursor:" + (from + row + 1);
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  List<Integer> indices() {
    return IntStream.range(0, rows.size()).boxed().toList();
  }

  private static int position(@Nullable String cursor) {
    if (cursor == null || cursor.isEmpty()) {
      return 0;
    }
    try {
      String text = new String(Base64.getDecoder().decode(cursor), StandardCharsets.UTF_8);
      return Integer.parseInt(text.substring("cursor:".length()));
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException strange) {
      throw new Refusal(400, "invalid cursor");
    }
  }

  private static Comparator<RunView> order(@Nullable String wish) {
    String text = wish == null || wish.isEmpty() ? "+created_at" : wish;
    boolean down = text.startsWith("-");
    String key = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
    Comparator<RunView> byAge = Comparator.comparingInt(view -> view.run().number());
    if (key.equals("created_at") || key.equals("createdAt")) {
      return down ? byAge.reversed() : byAge;
    }
    Comparator<RunView> byKey = (a, b) -> compare(a.attribute(key), b.attribute(key));
    return (down ? byKey.reversed() : byKey).thenComparing(byAge);
  }

  private static int compare(@Nullable Object a, @Nullable Object b) {
    Integer order = Values.order(a, b);
    return order != null ? order : Boolean.compare(a != null, b != null);
  }
}
