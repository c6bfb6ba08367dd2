package dev.sweeprunner.web;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * Registers metrics of this program, each with a name, a unit and a meaning. Those that go up and
 * down keep the values of the newest {@link #refresh}; counters are read when they are asked for.
 * Belongs to one thread at a time.
 */
final class Instruments {
  private static final String PREFIX = "sweep.runner.";

  private final MeterRegistry registry;
  private final Vitals vitals;
  private final List<Runnable> gauges = new ArrayList<>();

  /**
   * Instruments that read these.
   *
   * @param vitals must be kept by the caller: a registry holds what it reads but weakly
   */
  Instruments(MeterRegistry registry, Vitals vitals) {
    this.registry = registry;
    this.vitals = vitals;
  }

  /** Takes the values of now. */
  void refresh() {
    gauges.forEach(Runnable::run);
  }

  /** A number without a unit in its name. */
  void gauge(String name, String meaning, DoubleSupplier value) {
    gauges(name, meaning, () -> Stream.of(new Reading(Tags.empty(), value.getAsDouble())));
  }

  /** Numbers that differ in their labels; there may be none. */
  void gauges(String name, String meaning, Supplier<Stream<Reading>> readings) {
    add(MultiGauge.builder(PREFIX + name), meaning, readings);
  }

  /** A time, told in seconds. */
  void age(String name, String meaning, Supplier<Duration> age) {
    ages(name, meaning, () -> Stream.of(Reading.of(Tags.empty(), age.get())));
  }

  /** Times, told in seconds; there may be none. */
  void ages(String name, String meaning, Supplier<Stream<Reading>> readings) {
    add(MultiGauge.builder(PREFIX + name).baseUnit("seconds"), meaning, readings);
  }

  private void add(MultiGauge.Builder builder, String meaning, Supplier<Stream<Reading>> readings) {
    MultiGauge gauge = builder.description(meaning).register(registry);
    gauges.add(
        () -> gauge.register(readings.get().<MultiGauge.Row<?>>map(Reading::row).toList(), true));
  }

  /** A count that only grows. */
  void count(String name, String meaning, ToDoubleFunction<Vitals> value) {
    count(name, meaning, Tags.empty(), value);
  }

  /** One of several counts of the same name. */
  void count(String name, String meaning, Tags tags, ToDoubleFunction<Vitals> value) {
    FunctionCounter.builder(PREFIX + name, vitals, value)
        .tags(tags)
        .description(meaning)
        .register(registry);
  }

  /** How often something was done, and how long it took in all. */
  void timer(
      String name, String meaning, ToLongFunction<Vitals> times, Function<Vitals, Duration> took) {
    FunctionTimer.builder(
            PREFIX + name, vitals, times, now -> took.apply(now).toNanos(), TimeUnit.NANOSECONDS)
        .description(meaning)
        .register(registry);
  }

  /** A value with its labels. */
  record Reading(Tags tags, double value) {
    private static final double NANOS = 1e9;

    static Reading of(Tags tags, Duration time) {
      return new Reading(tags, time.toNanos() / NANOS);
    }

    private MultiGauge.Row<?> row() {
      return MultiGauge.Row.of(tags, value);
    }
  }
}
