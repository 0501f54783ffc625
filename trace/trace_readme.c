/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_readme.c - the file README: what is in the tracing directory.  It names only what exists. */
#include "lib/string.h"
#include "trace/trace.h"

static const char readme_msg[] =
	"The tracing directory, in short:\n"
	"\n"
	"  tracing_on                  0 stops recording at once, 1 goes on; tracers stay as they are\n"
	"  trace                       the events in the buffer, as text; echo > trace empties it\n"
	"  snapshot                    1 keeps what trace shows here, while tracing goes on; 0 forgets it\n"
	"  trace_pipe                  the same, but reading takes events out and waits for more\n"
	"  current_tracer              what fills the buffer; one of available_tracers\n"
	"  trace_marker                what is written here becomes an event\n"
	"  trace_marker_raw            the same for bytes: an int that names them, then the bytes\n"
	"\n"
	"Which functions the function tracer sees:\n"
	"  available_filter_functions  all there are\n"
	"  set_ftrace_filter           only these; none written means all\n"
	"  set_ftrace_notrace          never these\n"
	"    one name, or pattern with * ? [], a word; !word takes it out again;\n"
	"    > replaces the list, >> adds to it; a number n is the n-th available function\n"
	"  FUNCTION:COMMAND[:COUNT]    written to set_ftrace_filter: something to do there, COUNT times;\n"
	"    !FUNCTION:COMMAND takes it back (with a count: !FUNCTION:COMMAND:0)\n"
	"    traceoff, traceon         recording stops, or goes on\n"
	"    stacktrace                records the calls that led there\n"
	"    snapshot                  takes a snapshot\n"
	"    dump, cpudump             the buffer, or this CPU's, on the console; recording stops\n"
	"  FUNCTION:mod:MODULE         only if it is in MODULE, or with !MODULE if it is not\n"
	"  set_ftrace_pid              only these tasks; none written means all\n"
	"  set_ftrace_notrace_pid      never these\n"
	"    with options/function-fork, their children are put there, too\n"
	"  set_graph_function          where function_graph begins, once there is that tracer; none written means anywhere\n"
	"  set_graph_notrace           what it leaves out, with all that is called there\n"
	"  enabled_functions           where tracing is on right now, and for how many users\n"
	"  touched_functions           where it has ever been on\n"
	"  dyn_ftrace_total_info       how many there are, and the memory they take\n"
	"\n"
	"The buffer:\n"
	"  buffer_size_kb              of each CPU; it grows when a tracer is first used\n"
	"  buffer_total_size_kb        of all CPUs\n"
	"  tracing_cpumask             the CPUs that record, as a hexadecimal number\n"
	"  trace_clock                 what events are ordered by; changing it empties the buffer\n"
	"    local, perf, mono, mono_raw, boot: nanoseconds\n"
	"    global: the same, never backwards from one CPU to another\n"
	"    counter: counts events        uptime: hundredths of a second\n"
	"  per_cpu/cpuN/               trace, trace_pipe, snapshot, buffer_size_kb and stats of one CPU\n"
	"  saved_cmdlines              the names of tasks, by pid, as far as they were seen\n"
	"\n"
	"How events are shown:\n"
	"  trace_options               one option a line; write its name, or its name after \"no\"\n"
	"  options/NAME                the same, a file an option: 1 or 0; also those of tracers that are not current\n"
	"    func_stack_trace          the function tracer records the calls that led to each function\n"
	"\n"
	"For programs: events/header_page, events/header_event and events/ftrace/NAME/format\n"
	"say how the binary buffer is laid out.\n";

static ssize_t tracing_readme_read(struct file *file, char *buf, size_t count, loff_t *ppos)
{
	return simple_read_from_buffer(buf, count, ppos, readme_msg, strlen(readme_msg));
}

static const struct file_operations tracing_readme_fops = {
	.read = tracing_readme_read,
	.llseek = generic_file_llseek,
};
TRACEFS_FILE(readme, "README", TRACE_MODE_READ, &tracing_readme_fops, NULL);
