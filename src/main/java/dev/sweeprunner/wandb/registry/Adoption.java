package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.wandb.registry.AdoptionTopic.Adopted;
import dev.sweeprunner.wandb.registry.SharedAnswer.View;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs that were finished at W&amp;B under other ids. Asked for until an answer was had once, then
 * only read: what others find later is taken over. A failed lookup is one warning and, until a
 * later one succeeds, no adoption. Belongs to one thread.
 */
final class Adoption {
  private final SharedAnswer<Adopted> shared;
  private final Consumer<String> warnings;
  private boolean asks;
  private boolean warned;
  private @Nullable View<Adopted> newest;

  /**
   * Adoption by this answer.
   *
   * @param asks whether it may be asked for, or is only read
   * @param warnings receives at most one sentence of each kind
   */
  Adoption(SharedAnswer<Adopted> shared, boolean asks, Consumer<String> warnings) {
    this.shared = shared;
    this.asks = asks;
    this.warnings = warnings;
  }

  /** Asks now, unless that was done a moment ago. */
  void refresh() {
    shared.refresh();
  }

  /** Under which id the run was finished, and how old that knowledge is; null if it was not. */
  @Nullable Adopter of(String runId) {
    View<Adopted> view = asks ? shared.current() : shared.look();
    if (view != null) {
      newest = view;
      settle(view);
    }
    View<Adopted> known = newest;
    if (known == null) {
      return null;
    }
    String as = known.answer().content().as().get(runId);
    return as == null ? null : new Adopter(as, known);
  }

  /**
   * Another id of a run.
   *
   * @param as that id
   * @param view where it stands
   */
  record Adopter(String as, View<Adopted> view) {}

  private void settle(View<Adopted> view) {
    if (!asks) {
      return;
    }
    Answer.Failed failed = view.answer().failed();
    if (failed != null) {
      warn("Runs finished under other ids are unknown: " + failed.why());
      return;
    }
    asks = !view.current();
    if (!asks && view.answer().content().cut()) {
      warnings.accept(
          "W&B has more finished runs than are compared; some may be trained again under own ids");
    }
  }

  private void warn(String sentence) {
    if (!warned) {
      warned = true;
      warnings.accept(sentence);
    }
  }
}
