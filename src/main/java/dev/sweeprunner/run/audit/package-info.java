/**
 * What is wrong under a storage root: joins what the adapters say of their own files ({@code
 * run.Inspection}) with what the sweeps ask for and the judge says. Changes nothing.
 *
 * <p>Promises that a run somebody works on is no finding: whatever seems wrong is looked at again
 * before it is told. Knows no path but what the adapters tell of it.
 */
@NullMarked
package dev.sweeprunner.run.audit;

import org.jspecify.annotations.NullMarked;
