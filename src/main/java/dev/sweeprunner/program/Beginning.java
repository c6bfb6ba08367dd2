package dev.sweeprunner.program;

import dev.sweeprunner.program.evidence.Found;
import dev.sweeprunner.program.state.ProgramState;
import dev.sweeprunner.run.Relay;
import dev.sweeprunner.run.Row;
import dev.sweeprunner.run.TrackedRun;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where a run stands at the relay when its program starts.
 *
 * @param base what its client is told
 * @param inherited rows of dead claims that no publish covers, up to the checkpoint from which this
 *     program goes on: it will not log them again
 * @param checkpoint that one, where there are such rows; as it is published
 */
record Beginning(Relay.Base base, List<Row> inherited, @Nullable Covered checkpoint) {
  /** Where nobody has logged to a relay. */
  static Beginning of(@Nullable ProgramState state) {
    if (state == null) {
      return new Beginning(new Relay.Base.Fresh(), List.of(), null);
    }
    ProgramState.Logged logged = state.logged();
    return new Beginning(
        new Relay.Base.At(
            state.iter() - 1,
            logged == null ? 0 : logged.runtime(),
            logged == null ? TrackedRun.UNSAID : logged.run()),
        List.of(),
        null);
  }

  /**
   * Where dead claims have, and all claims share a folder.
   *
   * @param there the newest checkpoint in it
   * @param ruled whether the user has said how a checkpoint is found: if none is, there is none
   * @param moment when one was made, seconds since 1970
   */
  static Beginning of(
      @Nullable ProgramState state,
      DeadRows dead,
      Optional<Found> there,
      boolean ruled,
      ToDoubleFunction<Found> moment) {
    if (there.isEmpty()) {
      return ruled ? of(state) : new Beginning(new Relay.Base.Unknown(), List.of(), null);
    }
    OptionalLong step = dead.stepAt(moment.applyAsDouble(there.get()));
    if (step.isEmpty()) {
      return state == null
          ? new Beginning(new Relay.Base.At(-1, 0, TrackedRun.UNSAID), List.of(), null)
          : of(state);
    }
    long newest = step.getAsLong();
    var logged = new ProgramState.Logged(dead.run(), dead.runtime(newest));
    return new Beginning(
        new Relay.Base.At(newest, logged.runtime(), logged.run()),
        dead.upTo(newest),
        new Covered(there.get(), newest, logged, null));
  }
}
