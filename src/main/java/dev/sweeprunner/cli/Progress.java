package dev.sweeprunner.cli;

import dev.sweeprunner.config.Point;
import dev.sweeprunner.config.Points;
import dev.sweeprunner.run.Clock;
import dev.sweeprunner.run.Narrator;
import dev.sweeprunner.run.PublishedCheckpoint;
import dev.sweeprunner.run.Row;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells a person how the work goes: a line per row where output is kept, each with its time of day,
 * a bar redrawn in place where somebody watches, and one sentence for whatever else happens.
 *
 * <p>Of a run's rows the first and the last are always told, and of the others at most one per
 * second, as of its checkpoints: a toy makes hundreds. Belongs to the worker's thread.
 */
public final class Progress implements Narrator {
  private static final Duration LINE_EVERY = Duration.ofSeconds(1);
  private static final Duration BAR_EVERY = Duration.ofMillis(100);
  private static final long NEVER = Long.MIN_VALUE;
  private static final int MOST_METRICS = 3;
  private static final long LARGEST_PLAIN = 99_999;

  private final Screen screen;
  private final Clock clock;
  private Axes axes;
  private final Bar bar;
  private @Nullable String pending;
  private boolean told;
  private long lastTold;
  private long lastPublish = NEVER;

  /**
   * A teller.
   *
   * @param sweeps whose runs it will hear of; the keys that vary among their points are told
   */
  public Progress(Screen screen, Clock clock, Collection<Points> sweeps) {
    this.screen = screen;
    this.clock = clock;
    this.axes = Axes.varied(sweeps);
    this.bar = new Bar(screen);
  }

  /** From now on these are the sweeps whose runs it will hear of. */
  public void over(Collection<Points> sweeps) {
    axes = Axes.varied(sweeps);
  }

  /** {@code 120/400}, per cent where the numbers are long, {@code 120} where no end is known. */
  public static String share(long iter, long maxIters) {
    if (maxIters <= 0) {
      return "step " + iter;
    }
    return maxIters <= LARGEST_PLAIN
        ? iter + "/" + maxIters
        : String.format(Locale.ROOT, "%.1f%%", 100.0 * iter / maxIters);
  }

  @Override
  public void say(String news) {
    tell(news);
  }

  @Override
  public void progress(String sweep, int ended, int all, @Nullable Duration left) {
    String time = left == null ? "" : ", about " + HumanFormat.time(left) + " left";
    String points =
        HumanFormat.plural(all, "point") + (ended == 1 || all == 1 ? " has" : " have") + " ended";
    tell(sweep + ": " + ended + " of " + points + time);
  }

  @Override
  public void began(Point point, int epoch, long from) {
    pending = null;
    told = false;
    lastPublish = NEVER;
    String how = from == 0 ? "begins" : "goes on at iteration " + from;
    tell(name(point) + " " + how + (epoch > 1 ? " (claim " + epoch + ")" : ""));
  }

  @Override
  public void row(Point point, Row row, double tokensPerSecond, @Nullable Duration left) {
    long now = clock.nanos();
    long every = (screen.live() ? BAR_EVERY : LINE_EVERY).toNanos();
    boolean due = !told || now - lastTold >= every;
    Double total = row.wall().get(Row.TOTAL);
    long maxIters = total == null ? point.config().maxIters() : total.longValue();
    String numbers = numbers(row, maxIters, rate(point, tokensPerSecond), left);
    if (screen.live()) {
      if (due) {
        bar.draw(name(point), numbers, maxIters <= 0 ? 0 : (double) row.step() / maxIters);
      }
    } else if (due) {
      tell(name(point) + "  " + numbers);
    }
    pending = due ? null : name(point) + "  " + numbers;
    if (due) {
      told = true;
      lastTold = now;
    }
  }

  @Override
  public void published(Point point, PublishedCheckpoint checkpoint, Duration took) {
    long now = clock.nanos();
    boolean due = lastPublish == NEVER || now - lastPublish >= LINE_EVERY.toNanos();
    if (screen.live() || !due) {
      return; // on a terminal the bar says enough
    }
    lastPublish = now;
    tell(
        name(point)
            + "  checkpoint at iteration "
            + checkpoint.iter()
            + " published in "
            + took.toMillis()
            + " ms");
  }

  @Override
  public void ended(Point point, Outcome outcome, String detail) {
    if (pending != null && !screen.live()) {
      tell(pending);
    }
    pending = null;
    bar.end();
    String why = detail.isEmpty() ? "" : ": " + detail;
    tell(
        name(point)
            + switch (outcome) {
              case FINISHED -> " finished" + why;
              case FAILED -> " failed" + why;
              case RELEASED -> " given back" + why;
              case LEFT -> " could not be given back" + why;
              case HELD -> " stopped" + why;
              case SUPERSEDED -> " belongs to another worker now" + why;
            });
  }

  private void tell(String line) {
    bar.above(TimeOfDay.head(screen, clock, line));
  }

  private String name(Point point) {
    String overrides = axes.shortForm(point.overrides());
    return overrides.isEmpty() ? point.runId() : point.runId() + " " + overrides;
  }

  /** {@code 1.2k tokens/s}, or empty while unknown. */
  private static String rate(Point point, double perSecond) {
    return perSecond > 0
        ? "  " + HumanFormat.count(perSecond) + " " + point.config().workUnit() + "/s"
        : "";
  }

  private static String numbers(Row row, long maxIters, String rate, @Nullable Duration left) {
    StringBuilder text = new StringBuilder(share(row.step(), maxIters));
    shown(row)
        .forEach(
            metric -> {
              String name = metric.equals("train/loss") ? "loss" : metric;
              Double value = row.values().get(metric);
              if (value != null) {
                text.append("  ").append(name).append(' ').append(HumanFormat.metric(value));
              }
            });
    text.append(rate);
    Double utilisation = row.wall().get("mfu");
    if (utilisation != null) {
      text.append(String.format(Locale.ROOT, "  %.1f %% of peak", utilisation));
    }
    if (left != null) {
      text.append("  ").append(HumanFormat.time(left)).append(" left");
    }
    return text.toString();
  }

  /** The losses; where there is none, the first metrics. */
  private static List<String> shown(Row row) {
    List<String> losses = row.values().keySet().stream().filter(m -> m.contains("loss")).toList();
    return losses.isEmpty() ? row.values().keySet().stream().limit(MOST_METRICS).toList() : losses;
  }
}
