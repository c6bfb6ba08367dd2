package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.json.Fields;
import dev.sweeprunner.json.UnreadableJson;
import dev.sweeprunner.wandb.registry.Answer.Failed;
import dev.sweeprunner.wandb.registry.Answer.Reply;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers with how often it was asked; any thread. */
final class Oracle implements Answer.Topic<String> {
  private final AtomicInteger asked = new AtomicInteger();
  private volatile @Nullable Failed failure;
  private volatile Consumer<Runnable> during = alive -> {};
  private volatile Runnable always = () -> {};

  int asked() {
    return asked.get();
  }

  void fail(@Nullable Failed with) {
    failure = with;
  }

  /** What happens while the next question is under way, once; it is given the sign of life. */
  void during(Consumer<Runnable> action) {
    during = action;
  }

  /** What happens during every question. */
  void always(Runnable action) {
    always = action;
  }

  @Override
  public Reply<String> ask(@Nullable String known, Runnable alive) {
    int n = asked.incrementAndGet();
    Consumer<Runnable> now = during;
    during = nothing -> {};
    now.accept(alive);
    always.run();
    Failed failed = failure;
    return failed == null
        ? new Reply<>("answer " + n, null)
        : new Reply<>(known == null ? nothing() : known, failed);
  }

  @Override
  public String nothing() {
    return "";
  }

  @Override
  public Map<String, Object> encode(String content) {
    return Map.of("text", content);
  }

  @Override
  public String decode(Fields content) throws UnreadableJson {
    return content.text("text");
  }
}
