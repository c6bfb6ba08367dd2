package dev.sweeprunner.wandb.api;

import java.time.Duration;
import java.time.Instant;
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
  private final Outage outage;
  private final boolean waitedFor;

  Retries(Patience patience, ClientPorts ports, BackOff backOff) {
    this(patience, ports, backOff, new Outage(ports.clock()), false);
  }

  private Retries(
      Patience patience, ClientPorts ports, BackOff backOff, Outage outage, boolean waitedFor) {
    this.patience = patience;
    this.ports = ports;
    this.backOff = backOff;
    this.outage = outage;
    this.waitedFor = waitedFor;
  }

  /** As this, but with another patience. */
  Retries with(Patience other) {
    return new Retries(other, ports, backOff, outage, waitedFor);
  }

  /** As this, for somebody who keeps a worker waiting: heeds the {@link Outage}. */
  Retries waitedFor() {
    return new Retries(patience, ports, backOff, outage, true);
  }

  /** The first good answer, or the last failure. An interrupt ends the waiting and stays set. */
  <T> T call(Channel channel, Try<T> attempt) throws WandbFailure {
    WandbFailure refusal = waitedFor ? outage.refusal() : null;
    if (refusal != null) {
      throw refusal;
    }
    boolean lasts = waitedFor && outage.lasts();
    int tries = lasts ? 1 : Math.min(channel.tries(), patience.tries());
    try {
      T answer = tried(tries, attempt);
      outage.over();
      return answer;
    } catch (WandbFailure failure) {
      outage.failed(failure, waitedFor && (lasts || tries > 1));
      throw failure;
    }
  }

  private <T> T tried(int tries, Try<T> attempt) throws WandbFailure {
    Course course = new Course(tries);
    RetryTemplate template = new RetryTemplate();
    template.setRetryPolicy(course);
    template.setBackOffPolicy(course);
    try {
      return template.<T, Setback>execute(context -> attempt.run(course.unanswered));
    } catch (Setback setback) {
      throw setback.failure();
    } catch (BackOffInterruptedException e) {
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

  /** How one call has gone so far, and whether and when there is another try. */
  private final class Course implements RetryPolicy, BackOffPolicy {
    private static final long serialVersionUID = 1L;

    private final int tries;
    private final transient Instant start = ports.clock().get();
    private transient Duration rest = Duration.ZERO;
    private transient Duration rested = Duration.ZERO;
    private boolean another = true;
    private boolean unanswered;

    Course(int tries) {
      this.tries = tries;
    }

    @Override
    public boolean canRetry(RetryContext context) {
      return another;
    }

    @Override
    public RetryContext open(RetryContext parent) {
      return new RetryContextSupport(parent);
    }

    @Override
    public void close(RetryContext context) {}

    @Override
    public void registerThrowable(RetryContext context, Throwable thrown) {
      ((RetryContextSupport) context).registerThrowable(thrown);
      if (!(thrown instanceof Setback setback)) {
        another = false;
        return;
      }
      unanswered |= setback.unanswered();
      rest = backOff.after(context.getRetryCount(), setback.pause());
      another =
          setback.passing()
              && context.getRetryCount() < tries
              && spent().plus(rest).compareTo(patience.total()) <= 0
              && !Thread.currentThread().isInterrupted();
    }

    private Duration spent() {
      Duration passed = Duration.between(start, ports.clock().get());
      return passed.compareTo(rested) > 0 ? passed : rested;
    }

    @Override
    public BackOffContext start(RetryContext context) {
      return new BackOffContext() {};
    }

    @Override
    public void backOff(BackOffContext context) {
      try {
        ports.waiting().waitFor(rest);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BackOffInterruptedException("interrupted", e);
      }
      rested = rested.plus(rest);
      ports.traffic().retry();
    }
  }
}
