/** Shadow mode: the migrations that Nova ran while Godwit observed, and what Godwit is expected to have saved. */
package io.github.godwit.strategy.shadow;
