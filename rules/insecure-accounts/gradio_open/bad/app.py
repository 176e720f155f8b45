import gradio as gr
demo = gr.Blocks()
demo.queue().launch(server_name="0.0.0.0")
