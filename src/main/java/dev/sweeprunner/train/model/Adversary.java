package dev.sweeprunner.train.model;

import java.util.List;

/**
 * Domain-adversarial training: a discriminator behind each of some blocks tells each row's
 * compartment from the mean of the block's output, and its gradient goes on into the model with the
 * opposite sign.
 *
 * @param layers the blocks, from 0 on, ascending
 * @param hidden features between a discriminator's two maps
 * @param compartments that there are to tell
 * @param lambda factor on the gradient that goes on
 */
public record Adversary(List<Integer> layers, int hidden, int compartments, double lambda) {
  /** Numbers that are trained in all discriminators. */
  public long parameters(int embd) {
    long each = 2L * embd + (embd + 1L) * hidden + (hidden + 1L) * compartments;
    return layers.size() * each;
  }
}
