import os
import gradio as gr
demo = gr.Blocks()
demo.launch(server_name="0.0.0.0", auth=(os.environ["UI_USER"], os.environ["UI_PASSWORD"]))
gr.Blocks().launch()
