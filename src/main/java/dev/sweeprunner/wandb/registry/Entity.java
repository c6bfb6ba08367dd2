package dev.sweeprunner.wandb.registry;

import dev.sweeprunner.wandb.api.WandbClient;
import dev.sweeprunner.wandb.api.WandbFailure;
import dev.sweeprunner.wandb.api.WandbFailure.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose runs those of a project are: as chosen, else as pinned, else the key's own default, for
 * which W&amp;B must be asked; the answer is pinned. Any thread.
 */
public final class Entity {
  private final Identity identity;
  private final String project;
  private final @Nullable String chosen;
  private final WandbClient client;
  private volatile @Nullable String known;

  /**
   * The entity of a project of this storage root.
   *
   * @param project the project's folder
   * @param chosen what the user chose, or null
   */
  public Entity(Identity identity, String project, @Nullable String chosen, WandbClient client) {
    this.identity = identity;
    this.project = project;
    this.chosen = chosen;
    this.client = client;
  }

  /**
   * What is known without asking.
   *
   * @throws dev.sweeprunner.problem.UserError if another entity is pinned than was chosen
   */
  public Optional<String> settled() {
    if (known == null) {
      Optional<String> pinned = identity.entity(project);
      if (pinned.isPresent() && chosen != null) {
        identity.pin(project, chosen);
      }
      known = pinned.orElse(null);
    }
    return Optional.ofNullable(known);
  }

  /**
   * The entity; asks W&amp;B at most until it has answered once, and pins what it said. A name that
   * W&amp;B does not know is never pinned.
   */
  public String name() throws WandbFailure {
    Optional<String> settled = settled();
    if (settled.isPresent()) {
      return settled.get();
    }
    String name = chosen == null ? own() : chosen(chosen);
    identity.pin(project, name);
    known = name;
    return name;
  }

  private String own() throws WandbFailure {
    String own = client.viewer().entity();
    if (own == null) {
      throw new WandbFailure(
          Kind.REFUSED, "the key has no entity of its own; name one with --entity", null, null);
    }
    return own;
  }

  private String chosen(String name) throws WandbFailure {
    if (!client.knows(name)) {
      throw new WandbFailure(
          Kind.NOT_FOUND,
          "it knows no entity "
              + name
              + ", or the key may not see it (from --entity, the sweep file, WANDB_ENTITY or W&B's"
              + " settings)",
          null,
          null);
    }
    return name;
  }
}
