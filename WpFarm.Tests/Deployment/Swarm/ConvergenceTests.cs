using WpFarm.Deployment.Swarm;

namespace WpFarm.Tests.Deployment.Swarm;

public sealed class ConvergenceTests
{
    private static readonly SwarmService s_service = new("farm-app_pool", "digest", Wanted: 2, Update: null, Uses: []);

    [Fact]
    public void All_wanted_tasks_run_so_it_has_converged() =>
        Assert.Equal(ProgressState.Converged, Of(s_service, null, Running(), Running()).State);

    [Fact]
    public void One_that_is_still_prepared_is_waited_for() =>
        Assert.Equal((ProgressState.Waiting, "1/2"), State(Of(s_service, null, Running(), Task("Running", "Preparing"))));

    [Fact]
    public void Why_a_task_does_not_start_is_said_while_it_is_waited_for() =>
        Assert.Equal(
            (ProgressState.Waiting, "1/2, no suitable node"),
            State(Of(s_service, null, Running(), Task("Running", "Pending", "\"no suitable node\"")))
        );

    [Fact]
    public void Running_tasks_of_the_old_version_are_not_enough_while_it_is_updated() =>
        Assert.Equal(
            ProgressState.Waiting,
            Of(s_service with { Update = new("updating", "now", "") }, s_service, Running(), Running()).State
        );

    [Fact]
    public void What_was_rolled_back_has_failed_and_says_why()
    {
        var progress = Of(
            s_service with
            {
                Update = new("rollback_completed", "now", "rollback completed"),
            },
            s_service,
            Running(),
            Running(),
            Task("Shutdown", "Rejected", "No such image")
        );

        Assert.Equal((ProgressState.Failed, "rollback completed: No such image"), State(progress));
    }

    [Fact]
    public void A_rollback_of_an_earlier_deployment_is_none_of_this_one()
    {
        var rolledBack = s_service with { Update = new("rollback_completed", "yesterday", "rollback completed") };

        Assert.Equal(ProgressState.Converged, Of(rolledBack, rolledBack, Running(), Running()).State);
    }

    [Fact]
    public void A_global_service_wants_what_the_swarm_gave_it() =>
        Assert.Equal(
            (ProgressState.Waiting, "1/2"),
            State(Of(s_service with { Wanted = null }, null, Running(), Task("Running", "Starting")))
        );

    [Fact]
    public void A_service_without_any_task_has_not_converged() =>
        Assert.Equal(ProgressState.Waiting, Of(s_service with { Wanted = null }, null).State);

    [Theory]
    [InlineData("Complete", true)]
    [InlineData("Running", false)]
    [InlineData("Failed", false)]
    public void A_job_is_done_when_its_newest_task_has_ended_well(string state, bool done)
    {
        var progress = Convergence.Of(
            s_service,
            null,
            [Task("Ready", "Ready"), Task("Shutdown", state), Task("Shutdown", "Complete")],
            isJob: true
        );

        Assert.Equal(done, progress.State is ProgressState.Converged);
    }

    private static ServiceProgress Of(SwarmService service, SwarmService? before, params SwarmTask[] tasks) =>
        Convergence.Of(service, before, tasks, isJob: false);

    private static (ProgressState, string) State(ServiceProgress progress) => (progress.State, progress.Detail);

    private static SwarmTask Running() => Task("Running", "Running");

    private static SwarmTask Task(string wanted, string state, string error = "") => new("farm-app_pool", wanted, state, error, "node1");
}
