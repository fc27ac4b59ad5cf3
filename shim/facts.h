/* What is known of the machine and the process at a refusal: gathered only then. */
#ifndef SHIM_FACTS_H
#define SHIM_FACTS_H

#include "decoder/call.h"
#include "decoder/facts.h"
#include "shim/opened.h"
#include "shim/process.h"

/* Lent for the texts of files. */
struct facts_room {
	_Alignas(8) char text[4096]; /* directory entries too, which have integers */
	char path[CALL_PATH_MAX + 512];
};

/*
 * Gathers what bears upon this refusal, or with error 0 upon any that could come, by raw system
 * calls alone; the call's names are known. What cannot change is asked once. The facts are the
 * call's then. traced: the process that made the call, if not this one; leader: what is remembered
 * of the event at group_fd.
 */
void facts_gather(struct call *call, const struct traced *traced, const struct opened *leader,
	struct facts *facts, struct facts_room *room);

#endif
