/**
 * {@code wandb-check}: whether a live server does what this program rests on, tried with runs of
 * its own in a scratch project. Changes no other run.
 */
@NullMarked
package dev.sweeprunner.wandb.check;

import org.jspecify.annotations.NullMarked;
