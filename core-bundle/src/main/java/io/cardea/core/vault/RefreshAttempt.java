package io.cardea.core.vault;

/**
 * A refresh that was begun and whose end is not written yet. It is written before the request is sent: whoever finds it
 * after the death of the process knows that the refresh token may be spent.
 *
 * @param process which process began it
 * @param inDoubt whether the refresh token is sent once more, because nobody knows what became of it the first time
 */
public record RefreshAttempt(String process, boolean inDoubt) {}
