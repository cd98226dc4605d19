/** The service as a whole: its configuration, its parts, its tasks. */
package io.github.godwit.strategy.service;
