/** What every Godwit process needs and no domain owns: threads, processes, addresses. */
package io.github.godwit.common;
