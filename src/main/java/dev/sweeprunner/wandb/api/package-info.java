/**
 * W&amp;B's HTTP protocol: GraphQL, the file stream, uploads; retries, proxies, certificates. One
 * method per question, plain values in and out, one kind of failure. Knows nothing of sweeps.
 *
 * <p>A proxy with a user name in front of an {@code https} address needs the system property {@code
 * jdk.http.auth.tunneling.disabledSchemes} set to the empty string before the first class of {@code
 * java.net.http} is loaded: by default the JDK sends no Basic authentication with {@code CONNECT},
 * and the proxy answers 407. This room sets no property; {@code main} does.
 */
@NullMarked
package dev.sweeprunner.wandb.api;

import org.jspecify.annotations.NullMarked;
