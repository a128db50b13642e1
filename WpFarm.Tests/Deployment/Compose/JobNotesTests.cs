using WpFarm.Deployment.Compose;

namespace WpFarm.Tests.Deployment.Compose;

public sealed class JobNotesTests
{
    [Fact]
    public void A_note_is_a_line_that_begins_as_one()
    {
        const string Output =
            "site blog: already there\nnote: database wp_gone belongs to no site\r\nsite shop: note: installed\nnote: two\n";

        Assert.Equal(["database wp_gone belongs to no site", "two"], JobNotes.In(Output));
    }

    [Fact]
    public void A_job_without_output_has_no_notes() => Assert.Empty(JobNotes.In(""));
}
