package dev.sweeprunner.wandb.api;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.retry.RetryContext;
import org.springframework.retry.RetryPolicy;
import org.springframework.retry.backoff.BackOffContext;
import org.springframework.retry.backoff.BackOffInterruptedException;
import org.springframework.retry.backoff.BackOffPolicy;
import org.springframework.retry.context.RetryContextSupport;
import org.springframework.retry.support.RetryTemplate;

/** Tries until there is an answer, a failure that will not pass, or no patience left. */
final class Retries {
  private final Patience patience;
  private final ClientPorts ports;
  private final BackOff backOff;

  Retries(Patience patience, ClientPorts ports, BackOff backOff) {
    this.patience = patience;
    this.ports = ports;
    this.backOff = backOff;
  }

  /** As this, but with another patience. */
  Retries with(Patience other) {
    return new Retries(other, ports, backOff);
  }

  /** The first good answer, or the last failure. An interrupt ends the waiting and stays set. */
  <T> T call(Channel channel, Try<T> attempt) throws WandbFailure {
    RetryTemplate template = new RetryTemplate();
    template.setRetryPolicy(new Persistence(Math.min(channel.tries(), patience.tries())));
    template.setBackOffPolicy(new Rest());
    try {
      return template.<T, Setback>execute(course -> attempt.run(((Course) course).unanswered));
    } catch (Setback setback) {
      throw setback.failure();
    } catch (BackOffInterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WandbFailure(
          WandbFailure.Kind.UNREACHABLE, "W&B was not asked again: interrupted", null, e);
    }
  }

  /** One try. */
  @FunctionalInterface
  interface Try<T> {
    /** Asks; {@code unanswered} tells whether an earlier try may have been processed. */
    T run(boolean unanswered) throws Setback;
  }

  /** How one call has gone so far. */
  private static final class Course extends RetryContextSupport {
    private static final long serialVersionUID = 1L;

    private final transient Instant start;
    private transient Duration rest = Duration.ZERO;
    private transient Duration rested = Duration.ZERO;
    private boolean another = true;
    private boolean unanswered;

    Course(@Nullable RetryContext parent, Instant start) {
      super(parent);
      this.start = start;
    }
  }

  /** Decides whether there is another try. */
  private final class Persistence implements RetryPolicy {
    private static final long serialVersionUID = 1L;

    private final int tries;

    Persistence(int tries) {
      this.tries = tries;
    }

    @Override
    public boolean canRetry(RetryContext context) {
      return ((Course) context).another;
    }

    @Override
    public RetryContext open(RetryContext parent) {
      return new Course(parent, ports.clock().get());
    }

    @Override
    public void close(RetryContext context) {}

    @Override
    public void registerThrowable(RetryContext context, Throwable thrown) {
      Course course = (Course) context;
      course.registerThrowable(thrown);
      if (!(thrown instanceof Setback setback)) {
        course.another = false;
        return;
      }
      course.unanswered |= setback.unanswered();
      course.rest = backOff.after(course.getRetryCount(), setback.pause());
      course.another =
          setback.passing()
              && course.getRetryCount() < tries
              && spent(course).plus(course.rest).compareTo(patience.total()) <= 0
              && !Thread.currentThread().isInterrupted();
    }

    private Duration spent(Course course) {
      Duration passed = Duration.between(course.start, ports.clock().get());
      return passed.compareTo(course.rested) > 0 ? passed : course.rested;
    }
  }

  /** Waits between two tries. */
  private final class Rest implements BackOffPolicy {
    @Override
    public BackOffContext start(RetryContext context) {
      return new Pausing((Course) context);
    }

    @Override
    public void backOff(BackOffContext context) {
      Course course = ((Pausing) context).course();
      try {
        ports.waiting().waitFor(course.rest);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BackOffInterruptedException("interrupted", e);
      }
      course.rested = course.rested.plus(course.rest);
    }
  }

  /** The waits of one call. */
  private record Pausing(Course course) implements BackOffContext {}
}
