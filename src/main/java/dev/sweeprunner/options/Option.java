package dev.sweeprunner.options;

import java.util.Optional;
import java.util.stream.Stream;

/** The options that have a name of their own; everything else is a property. */
enum Option {
  SWEEP("sweep", Takes.VALUE),
  CLUSTER("cluster", "cluster"),
  STORAGE("storage", "storage-root"),
  WORKER("worker", "worker"),
  DEVICE("device", "device"),
  PORT("port", "web.port"),
  WANDB("wandb", "wandb.mode"),
  ENTITY("entity", "wandb.entity"),
  WANDB_DOWN("wandb-down", "wandb.down"),
  MAX_RUNS("max-runs", Takes.VALUE),
  FORMAT("format", Takes.VALUE),
  WATCH("watch", Takes.PERHAPS),
  STATUS("status", Takes.NOTHING),
  SUBMIT("submit", Takes.NOTHING),
  HELP("help", Takes.NOTHING),
  VERSION("version", Takes.NOTHING),
  WANDB_BUFFER("wandb-buffer", Takes.NOTHING),
  ALLOW_BEHIND("allow-behind", Takes.NOTHING),
  EXIT_WHEN_IDLE("exit-when-idle", Takes.NOTHING),
  NO_WEB("no-web", Takes.NOTHING),
  AFRESH("afresh", Takes.NOTHING),
  NO_ADOPT("no-adopt", Takes.NOTHING),
  DEBUG("debug", Takes.NOTHING),
  REFRESH("refresh", Takes.NOTHING);

  private final String word;
  private final Takes takes;
  private final String property;

  Option(String word, Takes takes) {
    this.word = word;
    this.takes = takes;
    this.property = "";
  }

  Option(String word, String property) {
    this.word = word;
    this.takes = Takes.VALUE;
    this.property = property;
  }

  /** As the user writes it, without the dashes. */
  String word() {
    return word;
  }

  /** As the user writes it. */
  String dashed() {
    return "--" + word;
  }

  Takes takes() {
    return takes;
  }

  /** The property that this option sets, without the prefix; empty where it sets none. */
  String property() {
    return property;
  }

  /** The option of this name. */
  static Optional<Option> of(String word) {
    return Stream.of(values()).filter(option -> option.word.equals(word)).findFirst();
  }

  /** The option that sets this property. */
  static Optional<Option> setting(String property) {
    return Stream.of(values()).filter(option -> option.property.equals(property)).findFirst();
  }

  /** Whether a worker may need it too: {@code scale} hands it on, as it was written. */
  boolean forWorkers() {
    return switch (this) {
      case SWEEP, FORMAT, WATCH, STATUS, SUBMIT, REFRESH, HELP, VERSION -> false;
      default -> true;
    };
  }

  /** What may follow an option. */
  enum Takes {
    NOTHING,
    VALUE,
    /** A value only behind an equals sign. */
    PERHAPS
  }
}
